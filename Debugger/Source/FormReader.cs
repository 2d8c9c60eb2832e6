namespace MmuEmu.Debugger.Source;

/// <summary>Reads, or passes over, one value in any form of DWARF 2 to 5.</summary>
internal static class FormReader
{
    private const int SignatureBytes = 8;

    /// <summary>The next value.</summary>
    /// <param name="reader">Stands on the value; afterwards behind it. A form that is unknown is a fault: its length is not known.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="implicitValue">The value that stands in the abbreviation, for DW_FORM_implicit_const.</param>
    /// <param name="shape">The unit's sizes.</param>
    public static DwarfValue Read(ref ByteReader reader, DwarfForm form, long implicitValue, in UnitShape shape)
    {
        while (form == DwarfForm.Indirect && !reader.AtEnd)
        {
            form = (DwarfForm)Math.Min(reader.Uleb(), ushort.MaxValue);
        }

        return form switch
        {
            DwarfForm.Addr => new(DwarfClass.Address, reader.Unsigned(shape.AddressBytes)),
            DwarfForm.Data1 or DwarfForm.Flag => new(DwarfClass.Constant, reader.U8()),
            DwarfForm.Data2 => new(DwarfClass.Constant, reader.U16()),
            DwarfForm.Data4 => new(DwarfClass.Constant, reader.Unsigned(4)),
            DwarfForm.Data8 => new(DwarfClass.Constant, reader.Unsigned(8)),
            DwarfForm.Udata => new(DwarfClass.Constant, reader.Uleb()),
            DwarfForm.Sdata => new(DwarfClass.Constant, (ulong)reader.Sleb()),
            DwarfForm.ImplicitConst => new(DwarfClass.Constant, (ulong)implicitValue),
            DwarfForm.FlagPresent => new(DwarfClass.Constant, 1),
            DwarfForm.SecOffset => new(DwarfClass.Offset, reader.Unsigned(shape.OffsetBytes)),
            DwarfForm.Rnglistx => new(DwarfClass.RangeNumber, reader.Uleb()),
            DwarfForm.Loclistx => new(DwarfClass.None, reader.Uleb()),
            DwarfForm.RefAddr => new(DwarfClass.Entry, reader.Unsigned(shape.Version == 2 ? shape.AddressBytes : shape.OffsetBytes)),
            DwarfForm.Ref1 => new(DwarfClass.Entry, shape.Start + reader.U8()),
            DwarfForm.Ref2 => new(DwarfClass.Entry, shape.Start + reader.U16()),
            DwarfForm.Ref4 => new(DwarfClass.Entry, shape.Start + reader.Unsigned(4)),
            DwarfForm.Ref8 => new(DwarfClass.Entry, shape.Start + reader.Unsigned(8)),
            DwarfForm.RefUdata => new(DwarfClass.Entry, shape.Start + reader.Uleb()),
            DwarfForm.Addrx or DwarfForm.GnuAddrIndex => new(DwarfClass.AddressNumber, reader.Uleb()),
            >= DwarfForm.Addrx1 and <= DwarfForm.Addrx4 => new(DwarfClass.AddressNumber, reader.Unsigned(form - DwarfForm.Addrx1 + 1)),
            _ => ReadText(ref reader, form, shape),
        };
    }

    private static DwarfValue ReadText(ref ByteReader reader, DwarfForm form, in UnitShape shape) => form switch
    {
        DwarfForm.String => Inline(ref reader),
        DwarfForm.Strp => new(DwarfClass.TextInStr, reader.Unsigned(shape.OffsetBytes)),
        DwarfForm.LineStrp => new(DwarfClass.TextInLineStr, reader.Unsigned(shape.OffsetBytes)),
        DwarfForm.Strx or DwarfForm.GnuStrIndex => new(DwarfClass.TextNumber, reader.Uleb()),
        >= DwarfForm.Strx1 and <= DwarfForm.Strx4 => new(DwarfClass.TextNumber, reader.Unsigned(form - DwarfForm.Strx1 + 1)),
        _ => ReadOther(ref reader, form, shape),
    };

    /// <summary>Values that nobody here asks for.</summary>
    private static DwarfValue ReadOther(ref ByteReader reader, DwarfForm form, in UnitShape shape) => form switch
    {
        DwarfForm.Block1 => Skipped(ref reader, reader.U8()),
        DwarfForm.Block2 => Skipped(ref reader, reader.U16()),
        DwarfForm.Block4 => Skipped(ref reader, reader.Unsigned(4)),
        DwarfForm.Block or DwarfForm.Exprloc => Skipped(ref reader, reader.Uleb()),
        DwarfForm.Data16 => Skipped(ref reader, 16),
        DwarfForm.RefSig8 or DwarfForm.RefSup8 => Skipped(ref reader, SignatureBytes),
        DwarfForm.RefSup4 => Skipped(ref reader, 4),
        DwarfForm.StrpSup or DwarfForm.GnuRefAlt or DwarfForm.GnuStrpAlt => Skipped(ref reader, (ulong)shape.OffsetBytes),
        _ => Unknown(ref reader, form),
    };

    private static DwarfValue Inline(ref ByteReader reader)
    {
        DwarfValue text = new(DwarfClass.TextHere, (ulong)reader.Position);
        reader.Text();
        return text;
    }

    private static DwarfValue Skipped(ref ByteReader reader, ulong bytes)
    {
        reader.Skip(bytes);
        return default;
    }

    private static DwarfValue Unknown(ref ByteReader reader, DwarfForm form)
    {
        reader.Fail($"has a form that is unknown, 0x{(int)form:x}");
        return default;
    }
}
