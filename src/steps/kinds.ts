/** The closed list of what a plan may say. */
import { adoptCa, type AdoptCa } from "./adopt-ca.js";
import { addMember, type AddMember } from "./add-member.js";
import { allowDowngrade, type AllowDowngrade } from "./allow-downgrade.js";
import { checkV2Store, type CheckV2Store } from "./check-v2-store.js";
import { compareMembers, type CompareMembers } from "./compare-members.js";
import { compact, type Compact } from "./compact.js";
import { defragmentMember, type DefragmentMember } from "./defragment-member.js";
import { disarmAlarm, type DisarmAlarm } from "./disarm-alarm.js";
import { disableAuth, type DisableAuth } from "./disable-auth.js";
import { dropRole, type DropRole } from "./drop-role.js";
import { dropUser, type DropUser } from "./drop-user.js";
import { enableAuth, type EnableAuth } from "./enable-auth.js";
import { forgetCa, type ForgetCa } from "./forget-ca.js";
import { forgetMember, type ForgetMember } from "./forget-member.js";
import { installRelease, type InstallRelease } from "./install-release.js";
import { installTrust, type InstallTrust } from "./install-trust.js";
import { installUnit, type InstallUnit } from "./install-unit.js";
import { markMember, type MarkMember } from "./mark-member.js";
import { moveAside, type MoveAside } from "./move-aside.js";
import { moveLeader, type MoveLeader } from "./move-leader.js";
import { prepareHost, type PrepareHost } from "./prepare-host.js";
import { promoteMember, type PromoteMember } from "./promote-member.js";
import { proveTrust, type ProveTrust } from "./prove-trust.js";
import { putList, type PutList } from "./put-list.js";
import { putRole, type PutRole } from "./put-role.js";
import { putUser, type PutUser } from "./put-user.js";
import { removeFiles, type RemoveFiles } from "./remove-files.js";
import { removeMember, type RemoveMember } from "./remove-member.js";
import { renewTrust, type RenewTrust } from "./renew-trust.js";
import { restartMember, type RestartMember } from "./restart-member.js";
import { retireMember, type RetireMember } from "./retire-member.js";
import { saveSnapshot, type SaveSnapshot } from "./save-snapshot.js";
import { startMember, type StartMember } from "./start-member.js";
import { stopMember, type StopMember } from "./stop-member.js";
import type { StepKind } from "./step.js";
import { trustCas, type TrustCas } from "./trust-cas.js";
import { updateMember, type UpdateMember } from "./update-member.js";
import { equal, type Facts } from "../observe/facts.js";

export type Step =
  | PrepareHost
  | InstallRelease
  | InstallTrust
  | TrustCas
  | RenewTrust
  | ProveTrust
  | PutList
  | AdoptCa
  | ForgetCa
  | InstallUnit
  | StartMember
  | MarkMember
  | AddMember
  | PromoteMember
  | MoveLeader
  | RestartMember
  | UpdateMember
  | RemoveMember
  | RetireMember
  | ForgetMember
  | CompareMembers
  | CheckV2Store
  | SaveSnapshot
  | AllowDowngrade
  | Compact
  | DefragmentMember
  | DisarmAlarm
  | PutRole
  | PutUser
  | DropUser
  | DropRole
  | EnableAuth
  | DisableAuth
  | StopMember
  | MoveAside
  | RemoveFiles;

export const kinds = {
  "prepare-host": prepareHost,
  "install-release": installRelease,
  "install-trust": installTrust,
  "trust-cas": trustCas,
  "renew-trust": renewTrust,
  "prove-trust": proveTrust,
  "put-list": putList,
  "adopt-ca": adoptCa,
  "forget-ca": forgetCa,
  "install-unit": installUnit,
  "start-member": startMember,
  "mark-member": markMember,
  "add-member": addMember,
  "promote-member": promoteMember,
  "move-leader": moveLeader,
  "restart-member": restartMember,
  "update-member": updateMember,
  "remove-member": removeMember,
  "retire-member": retireMember,
  "forget-member": forgetMember,
  "compare-members": compareMembers,
  "check-v2-store": checkV2Store,
  "save-snapshot": saveSnapshot,
  "allow-downgrade": allowDowngrade,
  compact,
  "defragment-member": defragmentMember,
  "disarm-alarm": disarmAlarm,
  "put-role": putRole,
  "put-user": putUser,
  "drop-user": dropUser,
  "drop-role": dropRole,
  "enable-auth": enableAuth,
  "disable-auth": disableAuth,
  "stop-member": stopMember,
  "move-aside": moveAside,
  "remove-files": removeFiles,
} satisfies { readonly [K in Step["kind"]]: Pick<StepKind<Extract<Step, { kind: K }>, unknown>, "kind"> };

/** The kind of a step, with the types of the step and of what it gathers forgotten: the table above guarantees that they fit. */
export const kindOf = (step: Step): StepKind<Step, unknown> => kinds[step.kind] as unknown as StepKind<Step, unknown>;

export const effectOf = (step: Step, now: Facts): Facts => kindOf(step).effect(step, now);

/** Done is what changes nothing any more; so re-running after a crash is resuming. */
export const isDone = (step: Step, now: Facts): boolean => equal(effectOf(step, now), now);
