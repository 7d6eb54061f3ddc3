import fc from "fast-check";

// One seed for all property tests, so that the test command gives the same answer twice. To hunt, let it vary:
// STOWAGE_PROPERTY_SEED=random npx vitest run -t always
const seed = process.env["STOWAGE_PROPERTY_SEED"] ?? "20261124";
if (seed !== "random") fc.configureGlobal({ seed: Number(seed) });
