namespace MmuEmu.Debugger.Exports;

/// <summary>The numbers of the fields of Perfetto's messages that are written here.</summary>
/// <remarks>Source: [Perfetto protos/perfetto/trace]: trace.proto, trace_packet.proto, track_event/*.proto.</remarks>
internal static class PerfettoField
{
    public const int TracePacket = 1;

    public const int PacketTimestamp = 8;
    public const int PacketSequenceId = 10;
    public const int PacketTrackEvent = 11;
    public const int PacketSequenceFlags = 13;
    public const int PacketTrackDescriptor = 60;

    public const int DescriptorUuid = 1;
    public const int DescriptorName = 2;
    public const int DescriptorProcess = 3;
    public const int DescriptorThread = 4;
    public const int DescriptorParentUuid = 5;
    public const int DescriptorCounter = 8;

    public const int ProcessPid = 1;
    public const int ProcessName = 6;

    public const int ThreadPid = 1;
    public const int ThreadTid = 2;
    public const int ThreadName = 5;

    public const int CounterUnit = 3;

    public const int EventAnnotations = 4;
    public const int EventType = 9;
    public const int EventTrackUuid = 11;
    public const int EventCategories = 22;
    public const int EventName = 23;
    public const int EventCounterValue = 30;
    public const int EventFlowIds = 47;
    public const int EventTerminatingFlowIds = 48;

    public const int AnnotationUint = 3;
    public const int AnnotationString = 6;
    public const int AnnotationName = 10;

    /// <summary>SEQ_INCREMENTAL_STATE_CLEARED: the first packet of a sequence.</summary>
    public const ulong SequenceBegins = 1;

    /// <summary>UNIT_COUNT.</summary>
    public const ulong UnitCount = 2;
}
