using System.Text;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Writes lines of C#, indented by the blocks that are open. Line ends are the same on every machine.</summary>
internal sealed class CodeWriter
{
    private const int IndentSize = 4;

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line, or several.</summary>
    public CodeWriter Line(string line = "")
    {
        foreach (var part in line.Split('\n'))
        {
            if (part.Length > 0)
                _text.Append(' ', _depth * IndentSize).Append(part);
            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Writes a line, but only where a condition holds.</summary>
    public CodeWriter LineIf(bool condition, string line) => condition ? Line(line) : this;

    public CodeWriter Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Line(line);
        return this;
    }

    /// <summary>Opens a block, with the line above it if there is one; <see cref="Close"/> ends it.</summary>
    public CodeWriter Open(string head = "")
    {
        if (head.Length > 0)
            Line(head);
        Line("{");
        _depth++;
        return this;
    }

    public CodeWriter Close()
    {
        _depth--;
        return Line("}");
    }

    /// <summary>Writes text as it is, without indenting it.</summary>
    public CodeWriter Verbatim(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>The next lines belong to the one before.</summary>
    public CodeWriter Indent()
    {
        _depth++;
        return this;
    }

    public CodeWriter Outdent()
    {
        _depth--;
        return this;
    }

    public override string ToString() => _text.ToString();
}
