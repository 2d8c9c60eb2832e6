namespace MmuEmu.Kernel.State;

/// <summary>An object that has no state of its own: its parts have all of it.</summary>
internal interface IWholeOfParts : IStateful
{
    /// <inheritdoc/>
    object IStateful.Save(object? last) => this;

    /// <inheritdoc/>
    void IStateful.Restore(object state)
    {
    }
}
