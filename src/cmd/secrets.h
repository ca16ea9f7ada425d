#ifndef CMD_SECRETS_H
#define CMD_SECRETS_H

/*
 * Overwrites what of the command line is secret (userinfo in URLs, values of -H fields with
 * credentials), so that a list of processes no longer shows it. Best effort: it could be read
 * before. Call it once the options have copies.
 */
void secrets_hide(int argc, char **argv);

#endif
