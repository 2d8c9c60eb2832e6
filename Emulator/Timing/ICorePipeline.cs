namespace MmuEmu.Emulator.Timing;

/// <summary>How much of a latency the clock shows: the door through which a core model with overlap enters.</summary>
/// <remarks>An image of a clock holds nothing of it: one with a state of its own would have to give it too.</remarks>
public interface ICorePipeline
{
    /// <summary>Takes one latency of the guest's instruction stream, in program order.</summary>
    /// <param name="bucket">Who caused it.</param>
    /// <param name="cycles">How long it lasts by itself.</param>
    /// <returns>The cycles by which the clock moves on; 0 when the latency is hidden behind others.</returns>
    ulong Expose(CpiBucket bucket, ulong cycles);
}

/// <summary>A core that does one thing at a time: every latency shows in full.</summary>
public sealed class InOrderPipeline : ICorePipeline
{
    /// <inheritdoc/>
    public ulong Expose(CpiBucket bucket, ulong cycles) => cycles;
}
