/** Completion scripts for shells, made from the tables. */
import { GENERATE_FORMATS } from '../generate/formats.ts';
import type { CommandInfo } from './command-table.ts';
import { COMMANDS, SHELLS } from './command-table.ts';
import type { Flag } from './flags.ts';
import { FLAGS, flag } from './flags.ts';

type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, rules: readonly string[]): string {
  const scripts = { bash, zsh, fish, powershell };
  return scripts[shell](rules);
}

const commands: readonly CommandInfo[] = COMMANDS;
const names = commands.flatMap(({ name, alias }) => (alias ? [name, alias] : [name]));
const allFlags: readonly Flag[] = Object.values(FLAGS);

function words(one: Flag): readonly string[] {
  return one.short ? [`--${one.name}`, `-${one.short}`] : [`--${one.name}`];
}

function flagsOf(command: CommandInfo): readonly Flag[] {
  return command.flags.map(flag);
}

/** What may follow a flag, as words; null for a file, nothing for a value that only the user knows. */
function valuesOf(one: Flag, rules: readonly string[]): readonly string[] | null {
  if (one.choices) return one.choices;
  if (one.completes === 'rule') return rules;
  return one.completes === 'file' || one.completes === 'folder' ? null : [];
}

function argumentsOf(command: CommandInfo, rules: readonly string[]): readonly string[] {
  if (command.completes === 'rule') return rules;
  if (command.completes === 'shell') return SHELLS;
  if (command.completes === 'generate') return GENERATE_FORMATS;
  return command.completes === 'command' ? names : [];
}

/** `a|b) …;;` of a case. */
function bash(rules: readonly string[]): string {
  const value = allFlags
    .filter(({ value, optionalValue }) => value !== undefined && !optionalValue)
    .map((one) => {
      const values = valuesOf(one, rules);
      const reply = values === null ? 'compgen -f -- "$current"' : `compgen -W "${values.join(' ')}" -- "$current"`;
      return `    ${words(one).join('|')}) mapfile -t COMPREPLY < <(${reply}); return ;;`;
    });
  const perCommand = commands.map((command) => {
    const list = [...flagsOf(command).flatMap(words), ...argumentsOf(command, rules)].join(' ');
    const patterns = command.alias ? `${command.name}|${command.alias}` : command.name;
    return `    ${patterns}) known="${list}" ;;`;
  });
  const check = commands[0] ? flagsOf(commands[0]).flatMap(words).join(' ') : '';
  return `# bash completion of ffi-lint: source <(ffi-lint completions bash)
_ffi_lint() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" known
  case "$previous" in
${value.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${perCommand.join('\n')}
    *) known="${check}"; [ "$COMP_CWORD" = 1 ] && known="$known ${names.join(' ')}" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$known" -- "$current"; [[ "$current" == -* ]] || compgen -f -- "$current")
}
complete -o filenames -F _ffi_lint ffi-lint
`;
}

function zsh(rules: readonly string[]): string {
  const quote = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&');
  const spec = (one: Flag): readonly string[] => {
    const values = valuesOf(one, rules);
    const action = values === null ? '_files' : `(${values.join(' ')})`;
    const value = one.value === undefined ? '' : `${one.optionalValue ? '::' : ':'}${one.value}:${action}`;
    const star = one.repeats ? '*' : '';
    return words(one).map((word) => `'${star}${word}${one.optionalValue ? '=-' : ''}[${quote(one.help)}]${value}'`);
  };
  const cases = commands.map((command) => {
    const rest = command.completes === 'path' ? '_files' : `(${argumentsOf(command, rules).join(' ')})`;
    const patterns = command.alias ? `${command.name}|${command.alias}` : command.name;
    const specs = flagsOf(command).flatMap(spec).join(' \\\n        ');
    return `    ${patterns})\n      _arguments ${specs} \\\n        '*:argument:${rest}' ;;`;
  });
  const described = commands.map(({ name, summary }) => `'${name}:${quote(summary)}'`).join(' ');
  const [check] = cases;
  return `#compdef ffi-lint
# zsh completion of ffi-lint: ffi-lint completions zsh > a folder of $fpath, as _ffi-lint
_ffi_lint() {
  local -a commands=(${described})
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe command commands
    _files
    return
  fi
  local command="$words[2]"
  if (( \${commands[(I)$command:*]} )) || [[ "$command" == explain ]]; then
    words=("$words[1]" "\${(@)words[3,-1]}")
    (( CURRENT-- ))
  else
    command=check
  fi
  case "$command" in
${cases.join('\n')}
  esac
}
${check ? 'compdef _ffi_lint ffi-lint\n' : ''}`;
}

function fish(rules: readonly string[]): string {
  const quote = (text: string) => text.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
  const lines = commands.flatMap((command) => {
    const own = `__fish_seen_subcommand_from ${[command.name, command.alias].filter(Boolean).join(' ')}`;
    // The default command's flags hold where no command is named.
    const when =
      command.name === 'check' ? `'not __fish_seen_subcommand_from ${names.filter((name) => name !== 'check').join(' ')}'` : `'${own}'`;
    const flags = flagsOf(command).map((one) => {
      const values = valuesOf(one, rules);
      const value = one.value === undefined || one.optionalValue ? '' : values === null ? ' -r -F' : ` -x -a '${values.join(' ')}'`;
      return `complete -c ffi-lint -n ${when} -l ${one.name}${one.short ? ` -s ${one.short}` : ''}${value} -d '${quote(one.help)}'`;
    });
    const rest = argumentsOf(command, rules);
    return rest.length > 0 ? [...flags, `complete -c ffi-lint -n ${when} -f -a '${rest.join(' ')}'`] : flags;
  });
  const first = commands.map(({ name, summary }) => `complete -c ffi-lint -n __fish_use_subcommand -a ${name} -d '${quote(summary)}'`);
  return `# fish completion of ffi-lint: ffi-lint completions fish > ~/.config/fish/completions/ffi-lint.fish\n${[...first, ...lines].join('\n')}\n`;
}

function powershell(rules: readonly string[]): string {
  const quoted = (list: readonly string[]) => list.map((word) => `'${word}'`).join(', ');
  const values = allFlags.flatMap((one) => {
    const known = one.value === undefined || one.optionalValue ? [] : (valuesOf(one, rules) ?? []);
    return known.length > 0 ? words(one).map((word) => `    '${word}' = @(${quoted(known)})`) : [];
  });
  const perCommand = commands.flatMap((command) => {
    const list = quoted([...flagsOf(command).flatMap(words), ...argumentsOf(command, rules)]);
    return [command.name, command.alias].flatMap((name) => (name ? [`    '${name}' = @(${list})`] : []));
  });
  return `# PowerShell completion of ffi-lint: ffi-lint completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ffi-lint -ScriptBlock {
  param($word, $ast, $position)
  # Case counts: -w and -W are two flags.
  $values = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
  @(
${values.map((line) => `    ,@(${line.trim().replace(' = ', ', ')})`).join('\n')}
  ) | ForEach-Object { $values[$_[0]] = $_[1] }
  $commands = @{
${perCommand.join('\n')}
  }
  $elements = @($ast.CommandElements | ForEach-Object { $_.ToString() })
  $before = if ($word -eq '') { $elements[-1] } elseif ($elements.Count -gt 1) { $elements[-2] } else { '' }
  $known = if ($values.ContainsKey($before)) { $values[$before] }
    elseif ($elements.Count -gt 1 -and $commands.ContainsKey($elements[1])) { $commands[$elements[1]] }
    else { $commands['check'] + $commands.Keys }
  $known | Where-Object { $_ -clike "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
