/** Cancellation of long work: asked for from outside, looked at between steps. */
export interface Cancellation {
  readonly cancelled: boolean;
}

export const never: Cancellation = { cancelled: false };
