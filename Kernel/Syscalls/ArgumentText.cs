using System.Globalization;
using System.Text;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Arguments of a system call as strace would print them.</summary>
/// <remarks>
/// One letter an argument: d signed, u unsigned, x hexadecimal, p pointer, s string, D directory descriptor, o octal,
/// S signal, P rights of memory, M mapping flags, A advice, O opening flags, F and B mode and behavior of mvrange, V what vrange has there. Reading a string leaves no trace in the machine.
/// </remarks>
internal static class ArgumentText
{
    private const int MaxStringBytes = 64;

    /// <summary>The arguments now in the registers, of the call <paramref name="number"/>; what <paramref name="result"/> says that it stored is shown, null before it.</summary>
    public static string Of(TaskSystem system, ulong number, string letters, SysResult? result = null)
    {
        Vcpu vcpu = system.Core.Vcpu;
        bool compat = CompatTable.IsCompat(number);
        ReadOnlySpan<byte> registers = compat ? [3, 1, 2, 6, 7, 5] : [7, 6, 2, 10, 8, 9];
        StringBuilder text = new();
        for (int i = 0; i < letters.Length; i++)
        {
            ulong value = compat ? (uint)vcpu[registers[i]] : vcpu[registers[i]];
            string? one = letters[i] == 'V'
                ? VrangeText.Of(system.Memory.Vrange, i, value, result is { IsOk: true } ? IntAt(system, value) : null)
                : One(system, letters[i], value);
            _ = one is null ? text : text.Append(i == 0 ? "" : ", ").Append(one);
        }

        return text.ToString();
    }

    private static string One(TaskSystem system, char letter, ulong value) => letter switch
    {
        'd' => ((int)value).ToString(CultureInfo.InvariantCulture),
        'u' => value.ToString(CultureInfo.InvariantCulture),
        's' => StringAt(system, value),
        'D' => (int)value == Paths.AtCwd ? "AT_FDCWD" : ((int)value).ToString(CultureInfo.InvariantCulture),
        'o' => "0" + Convert.ToString((long)value, 8),
        'S' => value is > 0 and < 32 ? ((Signal)value).ToString() : value.ToString(CultureInfo.InvariantCulture),
        'P' => Bits("PROT_", ((Prot)value).ToString()),
        'M' => MapText((MapFlags)value),
        'A' => AdviceText(system, unchecked((int)value)),
        'O' => OpenText((OpenFlags)value),
        'F' => FileVrangeText.Mode(value),
        'B' => FileVrangeText.Behavior(value),
        _ => value == 0 ? "NULL" : $"0x{value:x}",
    };

    private static string AdviceText(TaskSystem system, int number)
    {
        NumberMeanings meanings = system.Current?.Process.Space.Meanings ?? NumberMeanings.Linux;
        return meanings.Find(NumberKind.Advice, unchecked((ulong)number))?.Proposed
            ?? $"MADV_{(Enum.IsDefined((Advice)number) && number < (int)Advice.FirstProposed ? ((Advice)number).ToString().ToUpperInvariant() : number.ToString(CultureInfo.InvariantCulture))}";
    }

    private static string MapText(MapFlags flags) => Bits("MAP_", flags.ToString())
        .Replace("MAP_MAP32BIT", "MAP_32BIT", StringComparison.Ordinal)
        .Replace("MAP_SHAREDVALIDATE", "MAP_SHARED_VALIDATE", StringComparison.Ordinal)
        .Replace("MAP_FIXEDNOREPLACE", "MAP_FIXED_NOREPLACE", StringComparison.Ordinal);

    private static string Bits(string prefix, string names) => prefix + names.ToUpperInvariant().Replace(", ", "|" + prefix, StringComparison.Ordinal);

    private static string OpenText(OpenFlags flags)
    {
        string access = (flags & OpenFlags.AccessMask) switch
        {
            OpenFlags.ReadOnly => "O_RDONLY",
            OpenFlags.WriteOnly => "O_WRONLY",
            _ => "O_RDWR",
        };
        OpenFlags rest = flags & ~OpenFlags.AccessMask;
        return rest == 0 ? access : $"{access}|{Bits("O_", rest.ToString())}";
    }

    private static int? IntAt(TaskSystem system, ulong address)
    {
        uint value = 0;
        for (int i = 0; i < sizeof(int); i++)
        {
            if (!system.Core.Mmu.TryPeek(new VirtAddr(address + (ulong)i), out PhysAddr where))
            {
                return null;
            }

            value |= (uint)system.Memory.Ram.ReadByte(where) << (8 * i);
        }

        return unchecked((int)value);
    }

    private static string StringAt(TaskSystem system, ulong address)
    {
        if (address == 0)
        {
            return "NULL";
        }

        StringBuilder text = new("\"");
        for (int i = 0; i < MaxStringBytes; i++)
        {
            if (!system.Core.Mmu.TryPeek(new VirtAddr(address + (ulong)i), out PhysAddr where))
            {
                return i == 0 ? $"0x{address:x}" : text.Append("\"...").ToString();
            }

            byte one = system.Memory.Ram.ReadByte(where);
            if (one == 0)
            {
                return text.Append('"').ToString();
            }

            _ = one is >= 0x20 and < 0x7F ? text.Append((char)one) : text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
        }

        return text.Append("\"...").ToString();
    }
}
