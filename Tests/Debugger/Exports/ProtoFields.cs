using System.Text;

namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Reads messages of Protocol Buffers, from the published rules of their encoding alone.</summary>
internal sealed class ProtoFields
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    public ProtoFields(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong key = Varint(ref bytes);
            (int field, int type) = ((int)(key >> 3), (int)(key & 7));
            field.ShouldBePositive();
            switch (type)
            {
                case 0:
                    _fields.Add((field, Varint(ref bytes), null));
                    break;
                case 1:
                    _fields.Add((field, BitConverter.ToUInt64(bytes[..8]), null));
                    bytes = bytes[8..];
                    break;
                case 2:
                    int count = (int)Varint(ref bytes);
                    _fields.Add((field, 0, bytes[..count].ToArray()));
                    bytes = bytes[count..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {type}");
            }
        }
    }

    public bool Has(int field) => _fields.Any(known => known.Field == field);

    public ulong Number(int field) => _fields.Single(known => known.Field == field && known.Bytes is null).Number;

    public ulong? NumberOrNone(int field) => Has(field) ? Number(field) : null;

    public string Text(int field) => _fields.Where(known => known.Field == field).Select(known => Encoding.UTF8.GetString(known.Bytes!)).FirstOrDefault("");

    public ProtoFields Message(int field) => Messages(field).Single();

    public IEnumerable<ProtoFields> Messages(int field) => _fields.Where(known => known.Field == field).Select(known => new ProtoFields(known.Bytes!));

    public IEnumerable<int> Known => _fields.Select(known => known.Field);

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte one = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }
    }
}
