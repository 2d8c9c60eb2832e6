using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Tests.Builders;

/// <summary>Everything reachable from a root through any field, as it was; later it says what has changed.</summary>
/// <remarks>
/// Objects are told apart by identity, and their own fields by value. Lists, dictionaries and arrays of plain values count as values: their
/// items are compared, not the object that holds them. What native memory a processor's objects own is read too.
/// </remarks>
internal sealed class ObjectGraph
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int QuickBytes = 16 << 14;

    private readonly IReadOnlySet<string> _left;
    private readonly Dictionary<object, List<Fact>> _facts = new(ReferenceEqualityComparer.Instance);

    private ObjectGraph(IReadOnlySet<string> left) => _left = left;

    /// <summary>Objects seen.</summary>
    public int Count => _facts.Count;

    /// <summary>The graph below <paramref name="root"/> now.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="left">What is not looked at: names of types, or of fields as <c>Type.field</c>.</param>
    public static ObjectGraph Of(object root, IReadOnlySet<string> left)
    {
        ObjectGraph graph = new(left);
        Stack<object> open = new([root]);
        while (open.TryPop(out object? next))
        {
            if (graph._facts.ContainsKey(next))
            {
                continue;
            }

            List<Fact> facts = graph.FactsOf(next);
            graph._facts[next] = facts;
            foreach (Fact fact in facts)
            {
                if (fact.Reference is { } found && graph.IsOpen(found.GetType()))
                {
                    open.Push(found);
                }
            }
        }

        return graph;
    }

    /// <summary>What differs now, as <c>Type.field: was …, is …</c>.</summary>
    public List<string> Differences()
    {
        List<string> found = [];
        foreach ((object owner, List<Fact> before) in _facts)
        {
            List<Fact> now = FactsOf(owner);
            string type = owner.GetType().Name;
            if (now.Count != before.Count)
            {
                found.Add($"{type}: had {before.Count} facts, has {now.Count}");
                continue;
            }

            for (int i = 0; i < now.Count; i++)
            {
                if (!now[i].Is(before[i]))
                {
                    found.Add($"{type}.{before[i].Name}: was {before[i]}, is {now[i]}");
                }
            }
        }

        return found;
    }

    private bool IsOpen(Type type) =>
        !type.IsPrimitive && type != typeof(string) && !typeof(Type).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type)
        && type.Namespace?.StartsWith("Iced", StringComparison.Ordinal) != true && !_left.Contains(type.Name);

    private List<Fact> FactsOf(object owner)
    {
        List<Fact> facts = [];
        if (owner is Array array)
        {
            AddArray(facts, "", array);
            return facts;
        }

        for (Type? type = owner.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            AddFields(facts, type, owner, "");
        }

        AddNative(facts, owner);
        return facts;
    }

    private void AddFields(List<Fact> facts, Type type, object owner, string prefix)
    {
        foreach (FieldInfo field in type.GetFields(Own))
        {
            if (!_left.Contains($"{type.Name}.{Plain(field.Name)}"))
            {
                AddValue(facts, prefix + Plain(field.Name), field.FieldType, field.GetValue(owner));
            }
        }
    }

    private void AddValue(List<Fact> facts, string name, Type declared, object? value)
    {
        Type type = value?.GetType() ?? declared;
        if (value is null || type.IsPrimitive || type.IsEnum || type == typeof(string))
        {
            facts.Add(new Fact(name, value, null));
        }
        else if (value is Pointer pointer)
        {
            facts.Add(new Fact(name, AddressOf(pointer), null));
        }
        else if (value is Array array && IsPlain(type.GetElementType()!))
        {
            AddArray(facts, name, array);
        }
        else if (value is IDictionary map)
        {
            AddMap(facts, name, map);
        }
        else if (value is IList list and not Array && type.Namespace == "System.Collections.Generic")
        {
            AddItems(facts, name, list);
        }
        else if (!type.IsValueType)
        {
            facts.Add(new Fact(name, null, value));
        }
        else if (type.IsDefined(typeof(InlineArrayAttribute)))
        {
            facts.Add(new Fact(name, BytesOf(value), null));
        }
        else
        {
            AddFields(facts, type, value, name + ".");
        }
    }

    private void AddArray(List<Fact> facts, string name, Array array)
    {
        if (IsPlain(array.GetType().GetElementType()!))
        {
            facts.Add(new Fact(name, RawBytes(array), null));
            return;
        }

        AddItems(facts, name, array);
    }

    private void AddItems(List<Fact> facts, string name, IList items)
    {
        facts.Add(new Fact(name + ".Count", items.Count, null));
        for (int i = 0; i < items.Count; i++)
        {
            AddValue(facts, $"{name}[{i}]", typeof(object), items[i]);
        }
    }

    private void AddMap(List<Fact> facts, string name, IDictionary map)
    {
        foreach (object key in map.Keys.Cast<object>().OrderBy(key => key.ToString(), StringComparer.Ordinal))
        {
            AddValue(facts, $"{name}[{key}]", typeof(object), map[key]);
        }
    }

    private static unsafe void AddNative(List<Fact> facts, object owner)
    {
        switch (owner)
        {
            case Vcpu vcpu:
                facts.Add(new Fact("(state)", new ReadOnlySpan<byte>(vcpu.State, sizeof(CpuState)).ToArray(), null));
                break;
            case Block block:
                facts.Add(new Fact("(ops)", new ReadOnlySpan<byte>(block.Head, block.OpCount * sizeof(Op)).ToArray(), null));
                break;
            case BlockCache cache:
                object quick = typeof(BlockCache).GetField("_quick", Own)!.GetValue(cache)!;
                facts.Add(new Fact("(quick)", new ReadOnlySpan<byte>(Pointer.Unbox((Pointer)quick), QuickBytes).ToArray(), null));
                break;
        }
    }

    private static bool IsPlain(Type type) => !(bool)typeof(RuntimeHelpers)
        .GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static unsafe nuint AddressOf(Pointer pointer) => (nuint)Pointer.Unbox(pointer);

    private static byte[] BytesOf(object value)
    {
        Array one = Array.CreateInstance(value.GetType(), 1);
        one.SetValue(value, 0);
        return RawBytes(one);
    }

    private static byte[] RawBytes(Array array)
    {
        int bytes = array.Length * ElementBytes(array.GetType().GetElementType()!);
        return MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), bytes).ToArray();
    }

    private static int ElementBytes(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>The name of a property instead of its field's.</summary>
    private static string Plain(string field) => field.StartsWith('<') ? field[1..field.IndexOf('>')] : field;

    /// <summary>One value: a plain one, bytes, or a reference.</summary>
    private sealed record Fact(string Name, object? Value, object? Reference)
    {
        public bool Is(Fact other) => Name == other.Name && ReferenceEquals(Reference, other.Reference)
            && (Value is byte[] mine && other.Value is byte[] theirs ? mine.AsSpan().SequenceEqual(theirs) : Equals(Value, other.Value));

        public override string ToString() => Value switch
        {
            byte[] bytes => $"{bytes.Length} bytes ({Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..8]})",
            null => Reference is null ? "null" : $"{Reference.GetType().Name} {RuntimeHelpers.GetHashCode(Reference):x}",
            _ => $"{Value}",
        };
    }
}
