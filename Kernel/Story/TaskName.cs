namespace MmuEmu.Kernel.Story;

/// <summary>A process or a thread as people know it.</summary>
/// <param name="Name">Its short name, 15 bytes at most, as comm has it.</param>
/// <param name="Id">Its process or thread id.</param>
public readonly record struct TaskName(string Name, int Id)
{
    /// <summary>Name and id.</summary>
    public override string ToString() => $"{Name} ({Id})";
}
