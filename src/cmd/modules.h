#ifndef CMD_MODULES_H
#define CMD_MODULES_H

#include <stddef.h>

#include "io/tls.h"
#include "ui/prompt.h"

/*
 * The parts of wsx that not every run needs, and that bring large libraries along. They are
 * loaded when they are asked for, and stay; with -Dmodules=false they are part of the program.
 * NULL if one can not be had, with what is wrong and what to do, in one line, in why.
 */
const struct tls_module *modules_tls(char *why, size_t n); /* brings OpenSSL */
const struct prompt_module *modules_prompt(char *why, size_t n); /* brings libedit */

#endif
