using System.Text;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Debugger.Matrix;

/// <summary>Cases and results of a matrix as one line of text each; the same text in every run.</summary>
internal static class MatrixText
{
    /// <summary>For example <c>PML4E=P,RW,US PDPTE=P,RW,US PDE=P PTE=P,XD | WP,NXE maxphyaddr=40 pkru=0x0 | user write</c>.</summary>
    public static string Of(in MatrixCase one)
    {
        StringBuilder text = new();
        for (PagingLevel level = one.Mode.RootLevel; level >= one.LowestLevel; level--)
        {
            Pte entry = one.Entries[(int)level];
            text.Append(level.EntryName()).Append('=').Append(PteText.BitsOf(entry, level));
            if (entry.Frame.Raw != 0)
            {
                text.Append(",frame=").Append(entry.Frame);
            }

            text.Append(' ');
        }

        string registers = one.Mode.Bits == PagingBits.None ? "-" : PteText.Compact(one.Mode.Bits.ToString().ToUpperInvariant());
        return text.Append("| ").Append(registers).Append(" maxphyaddr=").Append(one.Mode.MaxPhyAddr)
            .Append(" pkru=0x").Append(one.Mode.Pkru.ToString("x", System.Globalization.CultureInfo.InvariantCulture))
            .Append(" | ").Append(PteText.Of(one.Access.Origin)).Append(' ').Append(PteText.Of(one.Access.Kind)).ToString();
    }

    /// <summary>For example <c>#PF 0x7 [P W U - - -]</c>, or <c>ok A=PML4E,PDPTE,PDE,PTE D=PTE</c>.</summary>
    public static string Of(in MatrixResult result) => result.Passed
        ? $"ok A={Levels(result.AccessedLevels)} D={Levels(result.DirtyLevels)}"
        : PteText.Of(result.Code);

    /// <summary>Case and result: what <c>pte matrix</c> prints.</summary>
    public static string LineOf(MatrixBench bench, in MatrixCase one) => $"{Of(one)}{Between}{Of(bench.Run(one))}";

    /// <summary>What parts a case from its result.</summary>
    public const string Between = " => ";

    private static string Levels(int set)
    {
        StringBuilder text = new();
        for (PagingLevel level = PagingLevel.Pml5; level >= PagingLevel.Pt; level--)
        {
            if (((set >> (int)level) & 1) != 0)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(level.EntryName());
            }
        }

        return text.Length == 0 ? "-" : text.ToString();
    }
}
