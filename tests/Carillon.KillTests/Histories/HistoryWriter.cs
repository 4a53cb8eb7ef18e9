using System.Text.Json;

namespace Carillon.KillTests;

/// <summary>Writes a history file through to the disk, line by line, so that it outlives its process at every moment.</summary>
internal sealed class HistoryWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;

    /// <summary>Opens or continues a file. A line that the last writer could not finish is closed, and means nothing.</summary>
    public HistoryWriter(string path)
    {
        var isTorn = EndsInsideALine(path);
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            Options = FileOptions.WriteThrough,
        });
        if (isTorn)
            _file.Write("\n"u8);
    }

    public void Write(HistoryLine line)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, HistoryJson.Default.HistoryLine);
        lock (_gate)
            _file.Write([.. bytes, (byte)'\n']);
    }

    public void Dispose() => _file.Dispose();

    private static bool EndsInsideALine(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        if (file.Length == 0)
            return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }
}
