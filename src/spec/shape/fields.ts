/** Single values of the schema, made from their forms. */
import type * as Zod from "zod";
import { forms, type Form } from "./forms.js";

type ZodLibrary = typeof Zod;

/** A fixed shape instead of an inferred one keeps the schema's types short. */
export function fieldsOf(z: ZodLibrary) {
  /** A value that has to be there. */
  const one = (form: keyof typeof forms, description: string) => {
    const { pattern, expected, also }: Form = forms[form];
    const meta = {
      ...(description === "" ? {} : { description }),
      ...(also === undefined ? {} : { type: ["string", ...also] }),
    };
    return z.string({ error: expected }).regex(pattern, expected).meta(meta);
  };
  /** A value with a default. */
  const text = (form: keyof typeof forms, description: string) => one(form, description).optional();
  const listOf = (form: keyof typeof forms, description: string) => z.array(one(form, "")).describe(description);
  const choice = <const T extends readonly [string, ...string[]]>(values: T, description: string) =>
    z.enum(values).optional().describe(description);
  return { one, text, listOf, choice };
}
