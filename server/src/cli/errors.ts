/** What a user did or has that keeps the work from being done: printed without a stack, exit code 2. */

export class UserError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'UserError';
    this.hint = hint;
  }
}
