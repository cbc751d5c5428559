/** Valid requests, changed in a few places at random: what the fuzz sends. */
import fc from "fast-check";
import { header, jsonText, name, text } from "./fuzz-texts";
import { valid } from "./fuzz-valid";
import type { Draft, Pairs, Supplies } from "./fuzz-world";

type Mutation = (draft: Draft) => Draft;

const at = fc.nat(12);

const listOf = (draft: Draft): Pairs => (draft.body && "form" in draft.body ? draft.body.form : draft.query);
const withList = (draft: Draft, list: Pairs): Draft =>
  draft.body && "form" in draft.body ? { ...draft, body: { form: list } } : { ...draft, query: list };
/** Changes one of the parameters, wherever they are. */
const onPair =
  (index: number, change: (pair: [string, string]) => Pairs): Mutation =>
  (draft) => {
    const list = listOf(draft);
    const chosen = list[index % Math.max(list.length, 1)];
    return withList(
      draft,
      list.flatMap((pair): Pairs => (pair === chosen ? change(pair) : [pair])),
    );
  };

/** Mostly leads to a 404, so it is rare. */
const elsewhere: fc.Arbitrary<Mutation> = fc.oneof(
  text.map(
    (tail): Mutation =>
      (draft) => ({ ...draft, path: `${draft.path}/${tail}` }),
  ),
  fc.constantFrom("//", "/./", "/../", "/%2e%2e/", "/;/").map(
    (slash): Mutation =>
      (draft) => ({ ...draft, path: draft.path.replace("/", slash) }),
  ),
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  at.map((index) => onPair(index, () => [])),
  at.map((index) => onPair(index, (pair) => [pair, pair])),
  fc.tuple(at, text).map(([index, value]) => onPair(index, ([key]) => [[key, value]])),
  fc.tuple(at, text).map(([index, value]) => onPair(index, ([key, old]) => [[key, old + value]])),
  fc
    .tuple(at, fc.nat(80))
    .map(([index, length]) => onPair(index, ([key, old]) => [[key, old.slice(0, length)]])),
  fc.tuple(at, name).map(([index, key]) => onPair(index, ([, old]) => [[key, old]])),
  fc.tuple(name, text).map(
    (pair): Mutation =>
      (draft) =>
        withList(draft, [...listOf(draft), pair]),
  ),
  fc.tuple(name, text).map(
    (pair): Mutation =>
      (draft) => ({ ...draft, query: [...draft.query, pair] }),
  ),
  header.map(
    (pair): Mutation =>
      (draft) => ({ ...draft, headers: [...draft.headers.filter(([key]) => key !== pair[0]), pair] }),
  ),
  at.map(
    (index): Mutation =>
      (draft) => ({ ...draft, headers: draft.headers.filter((_, place) => place !== index) }),
  ),
  fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get").map(
    (method): Mutation =>
      (draft) => ({ ...draft, method }),
  ),
  text.map(
    (id): Mutation =>
      (draft) => ({
        ...draft,
        path: draft.path.replace(
          /(?<=(projects|logos)\/)[^/]+$/,
          encodeURIComponent(Buffer.from(id).toString()),
        ),
      }),
  ),
  elsewhere,
  jsonText.map(
    (value): Mutation =>
      (draft) => ({ ...draft, body: { text: value } }),
  ),
);

/** Bytes put into the encoded body, where no encoder would put them. */
export interface Splice {
  /** Where, as a part of the whole length. */
  at: number;
  remove: number;
  insert: Uint8Array;
}
const splice: fc.Arbitrary<Splice> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(8),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.constantFrom(Buffer.from("%ff"), Buffer.alloc(20_000, "a")),
  ),
});

/** What the fuzz sends, but for what the server's world has to put in. */
export interface Plan {
  make(supplies: Supplies): Draft;
  splices: Splice[];
}

export const plan: fc.Arbitrary<Plan> = fc
  .record({
    start: fc.oneof(...valid.map(({ weight, make }) => ({ weight, arbitrary: fc.constant(make) }))),
    mutations: fc.array(mutation, { maxLength: 4 }),
    splices: fc.oneof(
      { weight: 5, arbitrary: fc.constant<Splice[]>([]) },
      { weight: 1, arbitrary: fc.array(splice, { maxLength: 2 }) },
    ),
  })
  .map(({ start, mutations, splices }) => ({
    make: (supplies) => mutations.reduce((draft, change) => change(draft), start(supplies)),
    splices,
  }));
