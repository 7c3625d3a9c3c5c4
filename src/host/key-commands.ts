/** A private key that is made on the host and never leaves it; only a certificate request does. */
import { posix } from "node:path";
import { QuorateError } from "../errors.js";
import { scriptStatus, type Command } from "./command.js";
import type { HostAction } from "./host.js";
import { quoteAccount, quotePath } from "./quote.js";

const recipes: Readonly<Record<string, string>> = {
  "ecdsa-p256": "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve",
  "ecdsa-p384": "-algorithm EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve",
  "rsa-2048": "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
  "rsa-3072": "-algorithm RSA -pkeyopt rsa_keygen_bits:3072",
  "rsa-4096": "-algorithm RSA -pkeyopt rsa_keygen_bits:4096",
  ed25519: "-algorithm ED25519",
};

/** A key that is there already is kept, so that the same action twice asks for a certificate of the same key. */
export function makeKey(action: Extract<HostAction, { do: "make-key" }>): Command {
  const recipe = recipes[action.algorithm];
  if (recipe === undefined) throw new QuorateError("E_HOST_VALUE", "not a key algorithm", { found: action.algorithm });
  const [path, folder] = [quotePath(action.path), quotePath(posix.dirname(action.path))];
  const script = [
    "set -eu",
    `command -v openssl >/dev/null 2>&1 || { echo "openssl is not there" >&2; exit ${scriptStatus.missingProgram}; }`,
    `if [ ! -s ${path} ]; then`,
    `  d=$(mktemp -d ${folder}/.quorate-$$-XXXXXXXXXX); trap 'rm -rf -- "$d"' EXIT`,
    `  openssl genpkey ${recipe} -out "$d/new" 2>/dev/null`,
    `  [ "$u" != 0 ] || chown -- ${quoteAccount(action.owner)}:${quoteAccount(action.group)} "$d/new"`,
    `  chmod -- 0600 "$d/new"; sync -- "$d/new"; mv -fT -- "$d/new" ${path}`,
    "fi",
    // The certificate's names are the signer's choice; the request only proves that the key is there.
    `printf '[req]\\ndistinguished_name=dn\\n[dn]\\n' | openssl req -new -key ${path} -subj /CN=quorate -config /dev/stdin`,
  ];
  return { intent: `make the key ${action.path}`, script: script.join("\n"), patience: 120_000, answer: action.csr };
}
