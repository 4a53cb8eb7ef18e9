using System.Text;
using System.Text.Json;

namespace Carillon.KillTests;

/// <summary>Reads a history file that is still being written: each time, the lines that were added.</summary>
internal sealed class HistoryFile(string path)
{
    private long _offset;

    /// <summary>The whole lines since the last time. A line that a killed process did not finish says nothing.</summary>
    public IReadOnlyList<HistoryLine> ReadNew()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length - _offset];
        file.Seek(_offset, SeekOrigin.Begin);
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        _offset += whole;
        return [.. Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<HistoryLine>()];
    }

    private static HistoryLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryLine);
        }
        catch (JsonException) when (!line.EndsWith('}'))
        {
            return null;
        }
    }
}
