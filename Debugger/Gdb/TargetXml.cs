using System.Text;

namespace MmuEmu.Debugger.Gdb;

/// <summary>The description of the registers that gdb and lldb read.</summary>
/// <remarks>Source: [GDB manual, "Target Descriptions"].</remarks>
internal static class TargetXml
{
    private static readonly string[] VectorFields =
        ["v4_float v4f", "v2_double v2d", "v16_int8 v16i8", "v8_int16 v8i16", "v4_int32 v4i32", "v2_int64 v2i64", "uint128 uint128"];

    /// <summary>The document.</summary>
    public static string Text { get; } = Make();

    private static string Make()
    {
        StringBuilder text = new("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">");
        text.Append("<architecture>i386:x86-64</architecture><osabi>GNU/Linux</osabi>");
        int number = 0;
        Feature(text, "org.gnu.gdb.i386.core", Flags(FlagTypeTable.Eflags), RegisterTable.Core, ref number);
        Feature(text, "org.gnu.gdb.i386.sse", Vectors() + Flags(FlagTypeTable.Mxcsr), RegisterTable.Sse, ref number);
        Feature(text, "org.gnu.gdb.i386.linux", "", RegisterTable.Linux, ref number);
        Feature(text, "org.gnu.gdb.i386.segments", "", RegisterTable.Segments, ref number);
        Feature(text, "org.gnu.gdb.i386.avx", "", RegisterTable.Avx, ref number);
        Feature(text, "org.mmuemu.paging", Paging(), RegisterTable.Paging, ref number);
        return text.Append("</target>").ToString();
    }

    private static void Feature(StringBuilder text, string name, string types, GdbRegister[] registers, ref int number)
    {
        text.Append($"<feature name=\"{name}\">").Append(types);
        foreach (GdbRegister register in registers)
        {
            string group = register.Group.Length == 0 ? "" : $" group=\"{register.Group}\"";
            text.Append($"<reg name=\"{register.Name}\" bitsize=\"{register.Bytes * 8}\" type=\"{register.Type}\" regnum=\"{number++}\"{group}/>");
        }

        text.Append("</feature>");
    }

    private static string Flags(FlagTypeTable.FlagType type) => $"<flags id=\"{type.Id}\" size=\"{type.Bytes}\">"
        + string.Concat(type.Fields.Select(field => $"<field name=\"{field.Name}\" start=\"{field.First}\" end=\"{field.Last}\"/>")) + "</flags>";

    private static string Vectors()
    {
        const string vectors =
            "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>"
            + "<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/><vector id=\"v16i8\" type=\"int8\" count=\"16\"/>"
            + "<vector id=\"v8i16\" type=\"int16\" count=\"8\"/><vector id=\"v4i32\" type=\"int32\" count=\"4\"/>"
            + "<vector id=\"v2i64\" type=\"int64\" count=\"2\"/>";
        return vectors + "<union id=\"vec128\">"
            + string.Concat(VectorFields.Select(field => field.Split(' ')).Select(field => $"<field name=\"{field[0]}\" type=\"{field[1]}\"/>")) + "</union>";
    }

    private static string Paging() =>
        "<enum id=\"swkind_t\" size=\"8\">"
        + string.Concat(FlagTypeTable.SoftNames.Select((name, value) => $"<evalue name=\"{name}\" value=\"{value}\"/>")) + "</enum>"
        + string.Concat(FlagTypeTable.Paging.Select(Flags)) + FlagTypeTable.SoftPteXml;
}
