/** The order of test files: those that are known to take long come first, so that none is left alone at the end. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute or more where nothing else runs, the longest first. */
const long = [
  ...["scenarios/faults", "proof/proof", "tidy/imports"],
  ...[
    "changes/versions",
    "trust/revoked",
    "trust/killed",
    "changes/killed",
    "trust/renewal",
    "trust/rotation",
    "auth/auth",
    "auth/killed",
    "trust/plaintext",
    "trust/shared",
    "auth/changes",
    "maintenance/alarm",
  ],
  ...["maintenance/killed", "spec/translate"],
  ...["lab/crash", "lab/changes-", "lab/adopt", "lab/bad-luck", "lab/up-root", "lab/drift"],
];

const place = ({ moduleId }: TestSpecification): number => {
  const index = long.findIndex((part) => moduleId.includes(`/test/${part}`));
  return index < 0 ? long.length : index;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.sort((one, other) => place(one) - place(other));
  }
}
