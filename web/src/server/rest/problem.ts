/** One thing that is wrong with a request, in the form that clients of the REST API know. */
export interface Problem {
  readonly type: string;
  /** Where: `body`, `query`, `path` or `header`, and the name there. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  /** What was given. */
  readonly input: unknown;
}

/** A request that cannot be taken as it is: 422 with every problem. */
export class InvalidRequest extends Error {
  override readonly name = "InvalidRequest";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; "));
  }
}

/** A request that is refused for one reason, told in one sentence. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}
