/** What etcd refuses for the moment. */
import { EtcdError } from "../src/etcd/cluster.js";

/** Asks every few milliseconds. @throws the last refusal after two minutes */
export async function asSoonAsAllowed<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + 120_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof EtcdError) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
