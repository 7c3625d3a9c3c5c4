/** Health on the two streams as etcdctl (3.5 and newer) has it: healthy lines on standard output, unhealthy on standard error. */
import type { Health } from "../observe/health.js";
import { healthLine, healthSummary } from "../render/health-lines.js";
import type { Session } from "./session.js";

export function tellHealth(session: Session, health: Health): void {
  if (health.members.every(({ healthy }) => healthy)) session.say(...health.members.map(healthLine));
  else for (const member of health.members) session[member.healthy ? "say" : "warn"](healthLine(member));
  // What etcdctl says too stays alone on standard output, so that scripts made for it go on working.
  if (health.remarks.length > 0 || !health.healthy) session.warn(...healthSummary(health));
}
