using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Waiting;

/// <summary>A file that has something to read, or whose writers are gone.</summary>
/// <param name="File">The file; it stays the same when its descriptor is closed or used again.</param>
internal sealed record ReadableWait(OpenFile File) : WaitCause;

/// <summary>A file that takes bytes, or whose readers are gone.</summary>
/// <param name="File">The file; it stays the same when its descriptor is closed or used again.</param>
internal sealed record WritableWait(OpenFile File) : WaitCause;

/// <summary>A connection to a listening socket.</summary>
/// <param name="Socket">The socket.</param>
internal sealed record ConnectionWait(StreamSocket Socket) : WaitCause;

/// <summary>An epoll descriptor with something to tell.</summary>
/// <param name="List">What it watches.</param>
internal sealed record EPollWait(InterestList List) : WaitCause;

/// <summary>A descriptor of a set, and which of its events end a wait.</summary>
/// <param name="Descriptor">The descriptor; a negative one is never ready.</param>
/// <param name="Events">The events, <see cref="PollEvents.Invalid"/> for a descriptor that is not open included.</param>
internal readonly record struct AwaitedDescriptor(int Descriptor, PollEvents Events);

/// <summary>Any descriptor of poll's list.</summary>
/// <param name="Set">The descriptors with the events that count.</param>
internal sealed record PollWait(IReadOnlyList<AwaitedDescriptor> Set) : WaitCause;

/// <summary>Any descriptor of select's three sets.</summary>
/// <param name="Set">The descriptors with the events that count.</param>
internal sealed record SelectWait(IReadOnlyList<AwaitedDescriptor> Set) : WaitCause;

/// <summary>A lock on a file: that another one goes which is in its way.</summary>
/// <param name="Request">The lock that is asked for.</param>
/// <param name="Blocker">The lock that is held.</param>
internal sealed record FileLockWait(FileLock Request, FileLock Blocker) : WaitCause;
