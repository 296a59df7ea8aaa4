CREATE SCHEMA bench;
CREATE FUNCTION bench.chance(i bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, salt) & 2147483647) / 2147483648.0::float8;
CREATE FUNCTION bench.granted(asked numeric, is_cut boolean) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(CASE WHEN is_cut THEN asked * 0.8 ELSE asked END, 2);
CREATE TABLE bench.wanted (rows int, until timestamptz, days int);
CREATE TABLE bench.course (state text, unsent boolean, step int, move text, origin text, target text, role text);
