/** The X.509 library and what it needs, as one module, so that the command line's bundle can have it as one file. */
import "reflect-metadata"; // its dependency container needs that and does not load it
export * from "@peculiar/x509";
