#ifndef UI_WHEN_H
#define UI_WHEN_H

/* When to do what not every terminal can: where it is known to, or as told. */
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

#endif
