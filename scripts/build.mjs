/** `npm run build`: dist from src, always anew. */
import { build, install } from "./ready.mjs";

install();
build();
