namespace MmuEmu.Debugger.Exports;

/// <summary>A timeline as a trace of Perfetto: one packet a track, a name or an item.</summary>
/// <remarks>Time stamps, which Perfetto takes for nanoseconds, are T or cycles.</remarks>
internal sealed class PerfettoWriter(ExportScene scene) : ITimelineWriter
{
    private const ulong SequenceId = 1;
    private const ulong MachineUuid = 1;
    private const int FlushAt = 1 << 16;
    private readonly ProtoMessage _trace = new();
    private readonly ProtoMessage _packet = new();
    private readonly ProtoMessage _event = new();
    private readonly ProtoMessage _part = new();
    private readonly Dictionary<Track, ulong> _tracks = [];
    private readonly Dictionary<int, ulong> _processes = [];
    private ulong _lastUuid = MachineUuid;
    private bool _hasMachine;
    private bool _hasBegun;

    /// <inheritdoc/>
    public void NameProcess(int pid, string name)
    {
        if (!_processes.TryGetValue(pid, out ulong uuid))
        {
            _processes.Add(pid, uuid = ++_lastUuid);
        }

        _part.Clear();
        _part.Number(PerfettoField.ProcessPid, (ulong)pid);
        _part.Text(PerfettoField.ProcessName, name);
        _event.Clear();
        _event.Number(PerfettoField.DescriptorUuid, uuid);
        _event.Message(PerfettoField.DescriptorProcess, _part);
        Put(PerfettoField.PacketTrackDescriptor, null);
    }

    /// <inheritdoc/>
    public void Add(in TimelineItem item)
    {
        ulong track = UuidOf(item.Track);
        _event.Clear();
        _event.Number(PerfettoField.EventType, TypeOf(item.Kind));
        _event.Number(PerfettoField.EventTrackUuid, track);
        if (item.Kind == ItemKind.Counter)
        {
            _event.Number(PerfettoField.EventCounterValue, (ulong)item.Value);
        }
        else
        {
            Describe(item);
        }

        Put(PerfettoField.PacketTrackEvent, item.At);
    }

    /// <inheritdoc/>
    public void End() => Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static ulong TypeOf(ItemKind kind) => kind switch
    {
        ItemKind.Begin => 1,
        ItemKind.End => 2,
        ItemKind.Instant => 3,
        ItemKind.Counter => 4,
    };

    private void Describe(in TimelineItem item)
    {
        if (item.Kind != ItemKind.End)
        {
            _event.Text(PerfettoField.EventCategories, item.Category);
            _event.Text(PerfettoField.EventName, item.Name);
        }

        foreach (ItemFact fact in item.Facts)
        {
            _part.Clear();
            _part.Text(PerfettoField.AnnotationName, fact.Name);
            if (fact.Text is { } text)
            {
                _part.Text(PerfettoField.AnnotationString, text);
            }
            else
            {
                _part.Number(PerfettoField.AnnotationUint, fact.Number);
            }

            _event.Message(PerfettoField.EventAnnotations, _part);
        }

        if (item.Flow != 0)
        {
            _event.Fixed(item.EndsFlow ? PerfettoField.EventTerminatingFlowIds : PerfettoField.EventFlowIds, item.Flow);
        }
    }

    /// <summary>The number of a track, which is told the first time.</summary>
    private ulong UuidOf(Track track)
    {
        if (_tracks.TryGetValue(track, out ulong known))
        {
            return known;
        }

        ulong parent = ParentOf(track.Pid);
        ulong uuid = ++_lastUuid;
        _tracks.Add(track, uuid);
        _event.Clear();
        _event.Number(PerfettoField.DescriptorUuid, uuid);
        _event.Number(PerfettoField.DescriptorParentUuid, parent);
        TellKind(track);
        Put(PerfettoField.PacketTrackDescriptor, null);
        return uuid;
    }

    private ulong ParentOf(int pid)
    {
        if (pid != 0 && !_processes.ContainsKey(pid))
        {
            NameProcess(pid, $"process {pid}");
        }

        if (pid == 0 && !_hasMachine)
        {
            _hasMachine = true;
            _event.Clear();
            _event.Number(PerfettoField.DescriptorUuid, MachineUuid);
            _event.Text(PerfettoField.DescriptorName, TrackNames.Machine);
            Put(PerfettoField.PacketTrackDescriptor, null);
        }

        return pid == 0 ? MachineUuid : _processes[pid];
    }

    private void TellKind(Track track)
    {
        _part.Clear();
        switch (track.Kind)
        {
            case TrackKind.Thread:
                _part.Number(PerfettoField.ThreadPid, (ulong)track.Pid);
                _part.Number(PerfettoField.ThreadTid, (ulong)track.Tid);
                _part.Text(PerfettoField.ThreadName, TrackNames.Of(track));
                _event.Message(PerfettoField.DescriptorThread, _part);
                break;
            case TrackKind.Counter:
                _part.Number(PerfettoField.CounterUnit, PerfettoField.UnitCount);
                _event.Text(PerfettoField.DescriptorName, TrackNames.Of(track));
                _event.Message(PerfettoField.DescriptorCounter, _part);
                break;
            default:
                _event.Text(PerfettoField.DescriptorName, TrackNames.Of(track));
                break;
        }
    }

    /// <summary>Writes a packet around <see cref="_event"/>.</summary>
    private void Put(int field, ulong? at)
    {
        _packet.Clear();
        if (at is { } time)
        {
            _packet.Number(PerfettoField.PacketTimestamp, time);
        }

        _packet.Number(PerfettoField.PacketSequenceId, SequenceId);
        if (!_hasBegun)
        {
            _hasBegun = true;
            _packet.Number(PerfettoField.PacketSequenceFlags, PerfettoField.SequenceBegins);
        }

        _packet.Message(field, _event);
        _trace.Message(PerfettoField.TracePacket, _packet);
        if (_trace.Length > FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        scene.Output.Write(_trace.Bytes);
        _trace.Clear();
    }
}
