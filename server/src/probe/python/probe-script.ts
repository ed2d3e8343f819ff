/** The Python program that lays out a module's ctypes classes: it builds the classes anew from their text, and runs nothing else of it. */

/**
 * Reads the module's source from standard input and writes records to the file that its argument names. Assignments and class bodies are
 * evaluated only where they are made of literals, ctypes and a few harmless functions; imports of anything else, methods, decorators
 * and calls are left out, and a class that needs one of them is refused with its reason. Runs on Python 3.6 and later, with `-I -S`.
 *
 * `@FFI1|710,pointer,long,wchar_t,long double,big-endian,platform…!` of the interpreter, then for each class
 * `711,path…,size,align,fields,(name…,offset,size,align,bit+1,width)…` or `712,path…,reason…`; a text is its length and its code points.
 */
export const PROBE_SCRIPT: string = String.raw`
import ast, ctypes, ctypes.wintypes, sys, warnings
warnings.simplefilter("ignore")
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
except Exception:
    pass

class Refused(Exception):
    pass

RECORDS = (ctypes.Structure, ctypes.Union)
SETTINGS = ("_fields_", "_pack_", "_anonymous_", "_align_", "_layout_")
CALLS = "POINTER CFUNCTYPE PYFUNCTYPE WINFUNCTYPE sizeof alignment ARRAY".split()
TYPES = "Structure Union BigEndianStructure LittleEndianStructure BigEndianUnion LittleEndianUnion Array py_object HRESULT".split()
OF_CTYPES = {n: getattr(ctypes, n) for n in dir(ctypes) if n in CALLS or n in TYPES or n.startswith("c_")}
OF_WINTYPES = {n: v for n, v in vars(ctypes.wintypes).items() if isinstance(v, type) and not n.startswith("_")}
OF_SYS = {n: getattr(sys, n) for n in ("platform", "maxsize", "byteorder", "version_info")}
import os
MODULES = {"ctypes": OF_CTYPES, "ctypes.wintypes": OF_WINTYPES, "sys": OF_SYS, "os": {"name": os.name}}
PLAIN = {f.__name__: f for f in (range, len, zip, enumerate, list, tuple, dict, int, str, bool, max, min, sum, sorted, reversed, object)}
PLAIN.update({"True": True, "False": False, "None": None})
CALLABLE = [f for n, f in OF_CTYPES.items() if n in CALLS] + [f for f in PLAIN.values() if callable(f) and f is not object]

class Module:
    def __init__(self, names):
        self.names = names

SHAPES = ("Expression Constant Num Str Bytes NameConstant Tuple List Dict Set BinOp UnaryOp BoolOp Compare IfExp Subscript Slice Index ListComp "
    "GeneratorExp DictComp SetComp comprehension Starred keyword JoinedStr FormattedValue Load Store Name Add Sub Mult Div FloorDiv Mod Pow LShift RShift "
    "BitOr BitAnd BitXor Invert USub UAdd Not And Or Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn").split()

def check(node, env, bound):
    """Refuses what is not made of literals, known names and harmless calls."""
    kind = type(node).__name__
    if kind == "Call":
        function = resolve(node.func, env, bound)
        if not any(function is one for one in CALLABLE):
            raise Refused("it calls " + text(node.func))
        children = list(node.args) + list(node.keywords)
    elif kind == "Attribute":
        resolve(node, env, bound)
        return
    elif kind == "Name":
        if node.id not in bound and node.id not in env and node.id not in PLAIN:
            raise Refused("'%s' is not known" % node.id)
        return
    elif kind in SHAPES:
        if kind in ("ListComp", "GeneratorExp", "DictComp", "SetComp"):
            bound = bound | {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        children = list(ast.iter_child_nodes(node))
    else:
        raise Refused("it holds a " + kind)
    for child in children:
        check(child, env, bound)

def text(node):
    if isinstance(node, ast.Name):
        return node.id
    return text(node.value) + "." + node.attr if isinstance(node, ast.Attribute) else "something"

def resolve(node, env, bound):
    """What a dotted name means, without running anything."""
    if isinstance(node, ast.Name) and node.id not in bound:
        if node.id in env:
            return env[node.id]
        if node.id in PLAIN:
            return PLAIN[node.id]
    if isinstance(node, ast.Attribute):
        base = resolve(node.value, env, bound)
        if isinstance(base, Module) and node.attr in base.names:
            return base.names[node.attr]
        if isinstance(base, type) and issubclass(base, RECORDS) and (node.attr == "_fields_" or isinstance(base.__dict__.get(node.attr), type)):
            return getattr(base, node.attr)
    raise Refused("'%s' is not known" % text(node))

class Replace(ast.NodeTransformer):
    """Dotted names become plain ones, so that nothing but what was checked is looked up."""
    def __init__(self, env):
        self.env, self.made = env, {}
    def visit_Attribute(self, node):
        name = "_ffi_%d" % len(self.made)
        self.made[name] = resolve(node, self.env, set())
        return ast.copy_location(ast.Name(id=name, ctx=ast.Load()), node)

def evaluate(node, env):
    check(node, env, set())
    replace = Replace(env)
    tree = ast.fix_missing_locations(ast.Expression(replace.visit(node)))
    names = dict(PLAIN)
    names.update(env)
    names.update(replace.made)
    names["__builtins__"] = {}
    try:
        return eval(compile(tree, "<class>", "eval"), names)
    except Exception as error:
        raise Refused("%s: %s" % (type(error).__name__, error))

made, refused, later = {}, {}, []

def assigned(statements):
    out = set()
    for one in statements:
        for node in ast.walk(one):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                out.add(node.id)
            elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                out.add(node.name)
            elif isinstance(node, ast.alias):
                out.add((node.asname or node.name).split(".")[0])
    return out

def forget(statements, env, outer):
    for name in assigned(statements):
        env.pop(name, None)
    for one in statements:
        for node in ast.walk(one):
            if isinstance(node, ast.ClassDef):
                refused.setdefault(outer + node.name, "it stands under a condition that is not known here")

def run(statements, env, outer, problems):
    for one in statements:
        statement(one, env, outer, problems)

def statement(one, env, outer, problems):
    if isinstance(one, ast.Import):
        for alias in one.names:
            bind_module(alias, env)
    elif isinstance(one, ast.ImportFrom):
        names = MODULES.get(one.module) if not one.level else None
        for alias in one.names:
            if alias.name == "*":
                env.update(names or {})
            elif names is not None and alias.name in names:
                env[alias.asname or alias.name] = names[alias.name]
            elif one.module == "ctypes" and alias.name == "wintypes":
                env[alias.asname or alias.name] = Module(OF_WINTYPES)
            else:
                env.pop(alias.asname or alias.name, None)
    elif isinstance(one, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        assign(one, env, problems)
    elif isinstance(one, ast.ClassDef):
        define(one, env, outer)
    elif isinstance(one, ast.If):
        try:
            taken = one.body if evaluate(one.test, env) else one.orelse
        except Refused as why:
            if any(name in SETTINGS for name in assigned(one.body + one.orelse)):
                problems.append(str(why))
            forget(one.body + one.orelse, env, outer)
            return
        run(taken, env, outer, problems)
    elif isinstance(one, ast.Try):
        foreign = any(isinstance(s, (ast.Import, ast.ImportFrom)) and not known_import(s) for s in one.body)
        everything = one.body + [s for h in one.handlers for s in h.body] + one.orelse + one.finalbody
        if foreign:
            forget(everything, env, outer)
        else:
            run(one.body + one.orelse + one.finalbody, env, outer, problems)
    elif isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
        env.pop(one.name, None)
        later.append((one, outer))
    elif not isinstance(one, (ast.Expr, ast.Pass, ast.Assert, ast.Global, ast.Delete)):
        forget([one], env, outer)

def known_import(one):
    if isinstance(one, ast.Import):
        return all(alias.name in MODULES for alias in one.names)
    return not one.level and (one.module in MODULES)

def bind_module(alias, env):
    if alias.name in MODULES and (alias.asname or "." not in alias.name):
        names = dict(MODULES[alias.name])
        if alias.name == "ctypes":
            names["wintypes"] = Module(OF_WINTYPES)
        env[alias.asname or alias.name] = Module(names)
    elif alias.name.startswith("ctypes."):
        names = dict(OF_CTYPES)
        names["wintypes"] = Module(OF_WINTYPES)
        env["ctypes"] = Module(names)
    else:
        env.pop((alias.asname or alias.name).split(".")[0], None)

def assign(one, env, problems):
    targets = one.targets if isinstance(one, ast.Assign) else [one.target]
    if one.value is None:
        return
    try:
        value = evaluate(one.value, env)
        if isinstance(one, ast.AugAssign):
            if not isinstance(one.op, ast.Add) or not isinstance(one.target, ast.Name) or one.target.id not in env:
                raise Refused("an assignment that is not understood")
            value = env[one.target.id] + value
    except Refused as why:
        value = why
    except Exception as error:
        value = Refused(str(error))
    for target in targets:
        place(target, value, env, problems)

def place(target, value, env, problems):
    if isinstance(target, ast.Name):
        if isinstance(value, Refused):
            env.pop(target.id, None)
            if target.id in SETTINGS:
                problems.append(str(value))
        else:
            env[target.id] = value
    elif isinstance(target, ast.Attribute) and target.attr in SETTINGS:
        try:
            cls = resolve(target.value, env, set())
        except Refused:
            return
        if not isinstance(cls, type) or not issubclass(cls, RECORDS):
            return
        path = next((p for p, c in made.items() if c is cls), None)
        try:
            if isinstance(value, Refused):
                raise value
            setattr(cls, target.attr, value)
        except Exception as error:
            refused[path] = str(error)
            made.pop(path, None)
    elif isinstance(target, (ast.Tuple, ast.List)):
        values = value if isinstance(value, (tuple, list)) and len(value) == len(target.elts) else [Refused("not understood")] * len(target.elts)
        for inner, part in zip(target.elts, values):
            place(inner, part, env, problems)

def define(one, env, outer):
    path = outer + one.name
    inner, problems = dict(env), []
    for name in SETTINGS:
        inner.pop(name, None)
    try:
        bases = tuple(resolve(base, env, set()) for base in one.bases)
        if one.keywords:
            raise Refused("its metaclass is not known")
        known = set(inner)
        run(one.body, inner, path + ".", problems)
        if not any(isinstance(base, type) and issubclass(base, RECORDS) for base in bases):
            env[one.name] = type(one.name, tuple(b for b in bases if b is not object), {})
            return
        if problems:
            raise Refused(problems[0])
        space = {name: inner[name] for name in SETTINGS if name in inner}
        space.update({name: value for name, value in inner.items() if made.get(path + "." + name) is value and isinstance(value, type)})
        space["__module__"] = "module"
        cls = type(next(b for b in bases if issubclass(b, RECORDS)))(one.name, bases, space)
        env[one.name] = cls
        made[path] = cls
        refused.pop(path, None)
    except Exception as error:
        env.pop(one.name, None)
        made.pop(path, None)
        refused[path] = str(error)

def fields(cls):
    """Name, type and width of all fields, those of bases and of anonymous members included."""
    out = []
    for base in reversed(cls.__mro__):
        anonymous = base.__dict__.get("_anonymous_", ())
        for field in base.__dict__.get("_fields_", ()):
            if field[0] in anonymous:
                out += fields(field[1])
            else:
                out.append((field[0], field[1], field[2] if len(field) > 2 else None))
    return out

def bits(cls, name, kind, width):
    """The first bit that the field sets, in the order in which the class fills its units."""
    value = cls()
    setattr(value, name, True if kind is ctypes.c_bool else b"\xff" if kind is ctypes.c_char else -1)
    big = (sys.byteorder == "big") != hasattr(cls, "_swappedbytes_")
    places = [i * 8 + (7 - b if big else b) for i, byte in enumerate(bytes(value)) for b in range(8) if byte >> b & 1]
    if not places or max(places) - min(places) + 1 != width or len(places) != width:
        raise Refused("the bits of its field '%s' are not in one run" % name)
    return min(places)

def words(value):
    return [len(value)] + [ord(c) for c in value]

def describe(cls):
    if ctypes.sizeof(cls) > 1 << 47:
        raise Refused("it is larger than any memory")
    out = []
    for name, kind, width in fields(cls):
        place = getattr(cls, name)
        if width is None:
            out.append(words(name) + [place.offset, place.size, ctypes.alignment(kind), 0, 0])
        else:
            out.append(words(name) + [0, ctypes.sizeof(kind), ctypes.alignment(kind), bits(cls, name, kind, width) + 1, width])
    return [ctypes.sizeof(cls), ctypes.alignment(cls), len(out)] + [number for one in out for number in one]

def main():
    source = sys.stdin.buffer.read().decode("utf-8-sig")
    env = {}
    run(ast.parse(source).body, env, "", [])
    while later:
        function, outer = later.pop(0)
        run(function.body, {k: v for k, v in env.items() if k not in {a.arg for a in function.args.args}}, outer, [])
    lines = [[710, ctypes.sizeof(ctypes.c_void_p), ctypes.sizeof(ctypes.c_long), ctypes.sizeof(ctypes.c_wchar), ctypes.sizeof(ctypes.c_longdouble),
        int(sys.byteorder == "big")] + words(sys.platform)]
    for path, cls in made.items():
        if not hasattr(cls, "_fields_"):
            refused[path] = "opaque"
            continue
        try:
            lines.append([711] + words(path) + describe(cls))
        except Exception as error:
            refused[path] = str(error)
    for path, why in refused.items():
        lines.append([712] + words(path) + words(why[:200]))
    with open(sys.argv[1], "w") as out:
        out.write("".join("@FFI1|%s!\n" % ",".join(map(str, line)) for line in lines))

main()
`;
