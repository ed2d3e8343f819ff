/** The explain command, and this project's own messages about rules, trust and the whole workspace. */
import { EXPLAIN_COMMAND } from '../actions/explain.ts';
import { GENERATE_COMMAND, generateText } from '../actions/bindings.ts';
import { rulePage } from '../../engine/rule-page.ts';
import { ruleUrl } from '../../engine/rule-url.ts';
import { guarded, guardedNotification } from '../guard.ts';
import { LAYOUT_COMMAND, showMeasured, showLayout } from './layouts.ts';
import { countShown, refresh } from './status.ts';
import type { CancellationToken } from 'vscode-languageserver/node';
import type {
  CheckWorkspaceMethod,
  CheckWorkspaceResult,
  RuleInfo,
  RulesMethod,
  ShowRuleMethod,
  ShowRuleParams,
  TrustMethod,
} from '../ext.ts';
import type { State } from '../state.ts';

const RULES: RulesMethod = 'ffi-lint/rules';
const SHOW_RULE: ShowRuleMethod = 'ffi-lint/showRule';
const CHECK_WORKSPACE: CheckWorkspaceMethod = 'ffi-lint/checkWorkspace';
const TRUST: TrustMethod = 'ffi-lint/trust';

export function registerRules(state: State): void {
  const { connection, log, engine, live, checker } = state;
  connection.onExecuteCommand((params, token) =>
    guarded(log, 'workspace/executeCommand', token, null, async () => {
      const [id] = params.arguments ?? [];
      if (params.command === EXPLAIN_COMMAND && typeof id === 'string') await explain(state, id);
      if (params.command === LAYOUT_COMMAND) await showLayout(state, id, params.arguments?.[1]);
      if (params.command === GENERATE_COMMAND) await generateText(state, params.arguments ?? []);
      return null;
    }),
  );
  connection.onRequest(RULES, (token: CancellationToken) =>
    guarded<readonly RuleInfo[]>(log, RULES, token, [], () =>
      engine.rules.map(({ id, group, docs }) => ({ id, group, summary: docs.what })),
    ),
  );
  connection.onRequest(CHECK_WORKSPACE, (token: CancellationToken) =>
    guarded<CheckWorkspaceResult | null>(log, CHECK_WORKSPACE, token, null, async () => {
      live.wholeWorkspace = true;
      checker.changed({ reload: true }, 0);
      const checked = await checker.fresh();
      refresh(state);
      return checked && { counts: countShown(state), milliseconds: checked.result.milliseconds };
    }),
  );
  connection.onNotification(
    TRUST,
    guardedNotification(log, TRUST, () => {
      live.trusted = true;
      checker.changed({ reload: true }, 0);
      state.layouts.measure(() => showMeasured(state));
    }),
  );
}

/** In the editor's own view where it has one, else in a browser, else as a message. */
async function explain(state: State, id: string): Promise<void> {
  const rule = state.rules.get(id);
  if (!rule) return void state.connection.window.showWarningMessage(`there is no rule \`${id}\``);
  const url = ruleUrl(id);
  if (state.start.ruleView) {
    const page: ShowRuleParams = { rule: id, markdown: rulePage(rule), url };
    await state.connection.sendNotification(SHOW_RULE, page);
  } else if (state.client.showsDocuments) {
    await state.connection.window.showDocument({ uri: url, external: true });
  } else {
    state.connection.window.showInformationMessage(`${id}: ${rule.docs.what}`);
  }
}
