#include "json_line.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "fuzz.h"

static void
check_data(const cJSON *json, const char *key, struct span in)
{
	const char *got = cJSON_GetStringValue(cJSON_GetObjectItem(json, key));
	bool base64 = cJSON_GetObjectItem(json, "encoding") != NULL;
	uint8_t *bytes = fuzz_copy(in.p, in.n);

	MUST(got != NULL);
	if (base64)
		MUST(base64_decode(span_str(got), bytes, in.n) == (ssize_t)in.n &&
		     memcmp(bytes, in.p, in.n) == 0);
	else if (!utf8_valid((const uint8_t *)in.p, in.n))
		MUST(utf8_valid((const uint8_t *)got, strlen(got)));
	else if (memchr(bytes, '\0', in.n) == NULL) /* the reader's strings end at a NUL */
		MUST(span_eq(span_str(got), in));
	free(bytes);
}

void
check_json_line(struct span line, const char *key, struct span data)
{
	cJSON *json = cJSON_ParseWithLength(line.p, line.n);

	MUST(fuzz_is_tame(line.p, line.n) && fuzz_count(line, '\t') == 0);
	MUST(fuzz_count(line, '\n') == 1 && line.p[line.n - 1] == '\n');
	MUST(cJSON_IsObject(json) && cJSON_IsString(cJSON_GetObjectItem(json, "event")));
	check_data(json, key, data);
	cJSON_Delete(json);
}

void
check_json_member(struct span text, const char *name, struct span data)
{
	cJSON *json = cJSON_ParseWithLength(text.p, text.n);
	const char *got;

	MUST(cJSON_IsObject(json));
	if (name != NULL) {
		got = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
		MUST(got != NULL);
		if (data.n == 0 || memchr(data.p, '\0', data.n) == NULL)
			MUST(span_eq(span_str(got), data));
	}
	cJSON_Delete(json);
}
