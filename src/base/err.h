#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Results of functions that can fail: 0 or a count is success, negative one of these.
 * The values equal those of enum wsx_err.
 */
enum err {
	ERR_NOMEM = -1,
	ERR_ARGUMENT = -3, /* what was given has no valid form */
	ERR_LIMIT = -4, /* a maximum would be passed */
};

#endif
