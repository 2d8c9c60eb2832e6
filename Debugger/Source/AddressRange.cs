namespace MmuEmu.Debugger.Source;

/// <summary>Addresses of code, before any load bias; never empty.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">The one behind the last.</param>
internal readonly record struct AddressRange(ulong Start, ulong End)
{
    /// <summary>True when <paramref name="address"/> is one of them.</summary>
    public bool Has(ulong address) => address >= Start && address < End;
}
