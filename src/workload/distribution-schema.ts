import { z } from "zod";
import { unknown } from "../base/nearest.ts";
import type { Distribution } from "./distribution.ts";
import { fields, list, positive, wordOf, wrong } from "./spec-fields.ts";

const laws = ["constant", "uniform", "exponential", "lognormal", "pareto", "weibull", "empirical"];

/**
 * A distribution whose values are written as `value` says (durations, quantities, numbers), or one such value for a
 * constant.
 */
export function distributionOf(value: z.ZodType<number>, noun: string): z.ZodType<Distribution> {
  const bounds = {
    min: value.optional().describe("Smaller draws become this."),
    max: value.optional().describe("Greater draws become this."),
    grid: value.optional().describe("Draws are rounded up to a multiple of it."),
  };
  const law: z.ZodType<Distribution> = z.discriminatedUnion(
    "distribution",
    [
      fields({ distribution: z.literal("constant"), value, ...bounds }),
      fields({ distribution: z.literal("uniform"), ...bounds, min: value, max: value }),
      fields({ distribution: z.literal("exponential"), mean: value, ...bounds }),
      fields({ distribution: z.literal("lognormal"), median: value, sigma: positive("sigma"), ...bounds }),
      fields({ distribution: z.literal("pareto"), scale: value, shape: positive("shape"), ...bounds }),
      fields({ distribution: z.literal("weibull"), scale: value, shape: positive("shape"), ...bounds }),
      fields({
        distribution: z.literal("empirical"),
        values: list(value, 1, "values"),
        weights: list(positive("weight", "or zero"), 1, "weights").optional(),
        ...bounds,
      }),
    ],
    {
      error: (issue) => {
        const { input } = issue;
        if (typeof input !== "object" || input === null)
          return wrong(noun, input, `write a ${noun} or a distribution`);
        const name: unknown = "distribution" in input ? input.distribution : undefined;
        if (name === undefined) return `missing field: distribution; one of ${laws.join(", ")}`;
        return unknown("distribution", wordOf(name), laws);
      },
    },
  );
  const checked = law.superRefine((drawn, context) => {
    const { min, max, grid } = drawn;
    if (grid !== undefined && grid <= 0) {
      context.addIssue({ code: "custom", path: ["grid"], message: "invalid grid: 0; write a step above 0" });
    }
    if (min !== undefined && max !== undefined && min > max) {
      context.addIssue({
        code: "custom",
        path: ["min"],
        message: "invalid bounds: min is above max; swap them",
      });
    }
    if (drawn.distribution !== "empirical" || drawn.weights === undefined) return;
    if (drawn.weights.length !== drawn.values.length) {
      context.addIssue({
        code: "custom",
        path: ["weights"],
        message: `invalid weights: ${drawn.weights.length} for ${drawn.values.length} values; write one for each value`,
      });
    } else if (drawn.weights.every((weight) => weight === 0)) {
      context.addIssue({
        code: "custom",
        path: ["weights"],
        message: "invalid weights: all are 0; write one above 0",
      });
    }
  });
  const constant = value.transform((amount): Distribution => ({ distribution: "constant", value: amount }));
  return z.union([constant, checked]);
}
