/**
 * What of Lua's library is written in Lua. The chunk gets the interpreter's
 * table of functions and the host's `find(name)`, which gives a module's source
 * and its chunk name.
 *
 * @module
 */

/** The source of the prelude. */
export const PRELUDE = `
local native, find = ...
find = find or function() return nil, "" end
local error, type, pairs, setfenv, setmetatable, tostring, loadstring, ipairs =
  error, type, pairs, setfenv, setmetatable, tostring, loadstring, ipairs
local rawget, rawset, select, concat, min =
  rawget, rawset, select, table.concat, math.min

-- Merges ever longer runs. The interpreter's own sort takes an order that
-- contradicts itself (a <= b, say) for an error, and cannot be ended.
function native.sort(list, less)
  less = less or function(a, b) return a < b end
  local n = #list
  local from, to = {}, {}
  for i = 1, n do from[i] = rawget(list, i) end
  local width = 1
  while width < n do
    for low = 1, n, 2 * width do
      local i, j, k = low, low + width, low
      local middle, high = min(j, n + 1), min(j + width, n + 1)
      while k < high do
        if i >= middle or (j < high and less(from[j], from[i])) then
          to[k], j = from[j], j + 1
        else
          to[k], i = from[i], i + 1
        end
        k = k + 1
      end
    end
    from, to, width = to, from, 2 * width
  end
  for i = 1, n do rawset(list, i, from[i]) end
end

local loaded, preload = {}, {}
package = {
  loaded = loaded, preload = preload, config = "/\\n;\\n?\\n!\\n-\\n",
  path = "", cpath = "", loaders = {},
}
for _, name in ipairs{"string", "table", "math", "coroutine", "os", "io", "debug", "package"} do
  loaded[name] = _G[name]
end
loaded._G = _G
-- The host's modules are had by require alone.
for _, name in ipairs{"json", "semver"} do
  loaded[name], _G[name] = _G[name], nil
end

local file = _G["FILE*"]
_G["FILE*"] = nil
if file then
  function file.__index.lines(f)
    return function() return f:read() end
  end
end
local write = io.write
local function yes() return true end
io.stdout = setmetatable({}, { __index = {
  write = function(_, ...) return write(...) end,
  flush = yes, setvbuf = yes, close = yes,
} })
io.stderr = io.stdout
-- There is nothing to read.
io.stdin = setmetatable({}, { __index = {
  read = function() return nil end,
  lines = function() return function() return nil end end,
  close = yes,
} })

-- What is read from and written to where no file is named.
local input, output = io.stdin, io.stdout
local function chosen(file, mode)
  if type(file) ~= "string" then return file end
  local opened, problem = io.open(file, mode)
  if opened == nil then error(problem, 3) end
  return opened
end
function io.input(file)
  if file ~= nil then input = chosen(file, "r") end
  return input
end
function io.output(file)
  if file ~= nil then
    output = chosen(file, "w")
    io.write = output == io.stdout and write
      or function(...) return output:write(...) end
  end
  return output
end
function io.read(...) return input:read(...) end
function io.flush() return output:flush() end
function io.close(file)
  if file == nil then file = output end
  return file:close()
end
function io.lines(path)
  if path == nil then return input:lines() end
  local file, problem = io.open(path)
  if file == nil then error(problem, 2) end
  return function()
    local line = file:read()
    if line == nil then file:close() end
    return line
  end
end

local loading = {}
function require(name)
  if type(name) ~= "string" then
    error("bad argument #1 to 'require' (string expected, got " .. type(name) .. ")", 2)
  end
  local known = loaded[name]
  if known == loading then
    error("loop or previous error loading module '" .. name .. "'", 2)
  end
  if known then return known end
  local loader = preload[name]
  if loader == nil then
    local source, chunk = find(name)
    if source == nil then
      error("module '" .. name .. "' not found:" .. tostring(chunk), 2)
    end
    local problem
    loader, problem = loadstring(source, chunk)
    if loader == nil then
      error("error loading module '" .. name .. "':\\n\\t" .. problem, 2)
    end
  end
  loaded[name] = loading
  local result = loader(name)
  if result ~= nil then loaded[name] = result
  elseif loaded[name] == loading then loaded[name] = true end
  return loaded[name]
end

function package.seeall(module)
  setmetatable(module, { __index = _G })
end

function module(name, ...)
  local here = loaded[name]
  if type(here) ~= "table" then
    here = _G
    for part in name:gmatch("[^.]+") do
      local inner = rawget(here, part)
      if inner == nil then
        inner = {}
        rawset(here, part, inner)
      elseif type(inner) ~= "table" then
        error("name conflict for module '" .. name .. "'", 2)
      end
      here = inner
    end
    loaded[name] = here
  end
  if here._NAME == nil then
    here._M, here._NAME = here, name
    here._PACKAGE = name:match("^(.*%.)[^.]*$") or ""
  end
  for i = 1, select("#", ...) do (select(i, ...))(here) end
  setfenv(2, here)
end
`;
