// Runs a Lua script given as a file, or the built-in one; linked statically with Debian's liblua5.4.a.
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

static const char script[] =
    "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
    "print('fib', fib(22))\n"
    "local t = {}\n"
    "local x = 12345\n"
    "for i = 1, 5000 do x = (x * 1103515245 + 12345) % 2147483648; t[i] = x end\n"
    "table.sort(t)\n"
    "print('sorted', t[1], t[2500], t[5000])\n"
    "local words = {}\n"
    "for w in ('the quick brown fox jumps over the lazy dog the end'):gmatch('%a+') do words[w] = (words[w] or 0) + 1 end\n"
    "local keys = {} for k in pairs(words) do keys[#keys + 1] = k end table.sort(keys)\n"
    "for _, k in ipairs(keys) do io.write(k, '=', words[k], ' ') end print()\n"
    "print(string.format('%.14g %5.3f %e %x %q', math.pi, math.exp(1), 1e100, 48879, 'a\\nb'))\n"
    "print(math.sin(1), math.log(10), 7 // 2, 7 % -3, 2 ^ 0.5, 1 // 0.0, -1 % math.huge)\n"
    "local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end return 'done' end)\n"
    "print(co(), co(), co(), co())\n"
    "print(pcall(error, {code = 1}), select('#', pcall(error)))\n"
    "print(pcall(function() local a = nil; return a.b end))\n"
    "local parts = {} for i = 1, 2000 do parts[#parts + 1] = ('%d:%s'):format(i, ('x'):rep(i % 7)) end\n"
    "local all = table.concat(parts, ',') print(#all, all:sub(-20), select(2, all:gsub('x+', '')))\n"
    "local mt = setmetatable({}, {__index = function(_, k) return k .. '!' end, __call = function(_, a) return a + 1 end})\n"
    "print(mt.hello, mt(41))\n"
    "collectgarbage() print(collectgarbage('count') < 4096)\n"
    "print(string.pack('<i4d', 7, 1.5):byte(1, -1))\n"
    "print(utf8.char(228, 8364, 128512), utf8.len('\\u{e4}\\u{20ac}'))\n"
    "goto out\n"
    "::out:: print(math.maxinteger + 1 == math.mininteger, 5 // 0.3, 3 | 4 ~ 1)\n";

int main(int argc, char **argv)
{
    lua_State *lua = luaL_newstate();
    luaL_openlibs(lua);
    int failed = argc > 1 ? luaL_dofile(lua, argv[1]) : luaL_dostring(lua, script);
    if (failed)
    {
        fprintf(stderr, "%s\n", lua_tostring(lua, -1));
    }

    lua_close(lua);
    return failed;
}
