namespace MmuEmu.Kernel.State;

/// <summary>An object of the kernel whose state a snapshot holds. Restoring is in place: the object stays, its state comes back.</summary>
/// <remarks>
/// What belongs to the state: every field that changes after the object was made, and the content of every collection it owns.
/// References to other objects are kept as references; the objects themselves are seen by <see cref="SeeParts"/>.
/// </remarks>
internal interface IStateful
{
    /// <summary>The state at this moment, as a value that never changes.</summary>
    /// <param name="last">What the snapshot before this one holds of the same object, to share with; null for none.</param>
    object Save(object? last);

    /// <summary>Takes a state back that <see cref="Save"/> gave.</summary>
    void Restore(object state);

    /// <summary>Shows every object with state that this one refers to; a snapshot finds all that way, whatever refers to whom.</summary>
    void SeeParts(StateVisitor visitor)
    {
    }
}
