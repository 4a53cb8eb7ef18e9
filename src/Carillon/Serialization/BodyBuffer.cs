using System.Buffers;
using System.Text.Json;

namespace Carillon.Serialization;

/// <summary>
/// Where a body is written before its size is known: one per thread, used again and again, so that only the body itself is allocated. Grows
/// up to the limit and no further.
/// </summary>
internal sealed class BodyBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 4096;
    private const int KeptBytes = 256 * 1024;

    [ThreadStatic]
    private static BodyBuffer? _kept;

    private byte[] _bytes = new byte[InitialBytes];
    private int _written;
    private int _limit;

    private BodyBuffer(JsonWriterOptions options) => Writer = new Utf8JsonWriter(this, options);

    /// <summary>Writes JSON into this buffer.</summary>
    public Utf8JsonWriter Writer { get; private set; }

    /// <summary>Takes the thread's buffer, or a new one where a converter serializes while it is in use.</summary>
    public static BodyBuffer Rent(int limit, JsonWriterOptions options)
    {
        var buffer = _kept ?? new BodyBuffer(options);
        _kept = null;
        buffer._limit = limit;
        if (buffer.Writer.Options.Encoder == options.Encoder && buffer.Writer.Options.MaxDepth == options.MaxDepth)
            buffer.Writer.Reset();
        else
            buffer.Writer = new Utf8JsonWriter(buffer, options);
        return buffer;
    }

    /// <summary>Gives the buffer back, whatever state it is in.</summary>
    public void Return()
    {
        _written = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[InitialBytes];
        _kept = this;
    }

    /// <summary>Everything that was written.</summary>
    public ReadOnlySpan<byte> Complete()
    {
        Writer.Flush();
        return _bytes.AsSpan(0, _written);
    }

    public void Advance(int count)
    {
        _written += count;
        if (_written > _limit)
            throw new BodyLimitException();
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int count)
    {
        if (_bytes.Length - _written >= count)
            return;

        // A writer asks for three times the characters of a long text; beyond that much over the limit it cannot fit.
        if ((long)_written + count > 4L * _limit + InitialBytes)
            throw new BodyLimitException();
        Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _written + count));
    }
}
