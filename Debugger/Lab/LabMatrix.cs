namespace MmuEmu.Debugger.Lab;

/// <summary>All experiments with all cures: each cell is what its runs show.</summary>
internal sealed class LabMatrix
{
    private readonly Dictionary<(string Row, string Cure), LabRun> _runs = [];

    /// <summary>Runs them all.</summary>
    public static LabMatrix Run()
    {
        LabMatrix matrix = new();
        foreach (LabCase one in LabTable.Cases)
        {
            foreach ((string cure, _) in LabTable.Cures)
            {
                matrix._runs[(one.Row, cure)] = LabRun.Of(one, cure);
            }
        }

        return matrix;
    }

    /// <summary>A run.</summary>
    public LabRun this[string row, string cure] => _runs[(row, cure)];

    /// <summary>All runs, row by row.</summary>
    public IEnumerable<LabRun> All => _runs.Values;

    /// <summary>True when all runs of a column are safe with a cure.</summary>
    public bool IsSafe(LabColumn column, string cure) => column.Rows.All(row => this[row, cure].IsSafe);

    /// <summary>Interrupts that the run which counts them has sent.</summary>
    public ulong Interrupts(string cure) => this[LabTable.Interrupts, cure]["flush_ipi"];
}
