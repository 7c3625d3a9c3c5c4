/** What everything that a killed quorate still tries ends in. */
export class Killed extends Error {
  constructor() {
    super("this quorate was killed");
    this.name = "Killed";
  }
}
