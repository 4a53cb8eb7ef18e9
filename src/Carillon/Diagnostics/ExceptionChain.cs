using System.Text;

namespace Carillon.Diagnostics;

/// <summary>An exception and everything that caused it, the outermost first, read without trusting any of them.</summary>
internal sealed class ExceptionChain
{
    private const int MostExceptions = 16;
    private readonly List<(Exception Error, int Depth)> _errors = [];

    private ExceptionChain()
    {
    }

    /// <summary>Whether there are more exceptions than anybody wants to read.</summary>
    public bool HasMore { get; private set; }

    public static ExceptionChain Of(Exception error)
    {
        var chain = new ExceptionChain();
        chain.Add(error, depth: 0);
        return chain;
    }

    public static string NameOf(Exception error) => error.GetType().FullName ?? error.GetType().Name;

    /// <summary>What all of them say: the outermost as it is, each cause with its type.</summary>
    public string Messages(int mostBytes)
    {
        var text = new StringBuilder(Cut(MessageOf(_errors[0].Error), mostBytes));
        foreach (var (error, _) in _errors.Skip(1))
            text.Append(" ---> ").Append(NameOf(error)).Append(": ").Append(Cut(MessageOf(error), mostBytes / _errors.Count));
        return Cut(text.ToString(), mostBytes)!;
    }

    /// <summary>Where all of them were thrown; each gets its share of the room, so that the cause at the end is never cut off.</summary>
    public string? StackTraces(int mostBytes)
    {
        var first = Safely(_errors[0].Error, static error => error.StackTrace);
        if (_errors.Count == 1)
            return Cut(first, mostBytes);
        var share = mostBytes / _errors.Count;
        var text = new StringBuilder(Cut(first, share));
        foreach (var (error, depth) in _errors.Skip(1))
        {
            var cause = $"\n{new string(' ', depth)}---> {NameOf(error)}: {Cut(MessageOf(error), share / 2)}\n{Safely(error, static e => e.StackTrace)}";
            text.Append(Cut(cause, share));
        }

        if (HasMore)
            text.Append("\n(there are more)");
        return Cut(text.ToString(), mostBytes);
    }

    // An AggregateException says all that its causes say, however many they are and however often they hold each other.
    private string MessageOf(Exception error) => HasMore && error is AggregateException
        ? "(several exceptions)"
        : Safely(error, static e => e.Message) ?? "(the exception has no readable message)";

    private static string? Safely(Exception error, Func<Exception, string?> read)
    {
        try
        {
            return read(error);
        }
        catch (Exception unreadable)
        {
            return $"(reading it threw {NameOf(unreadable)})";
        }
    }

    /// <summary>Cuts to a size in UTF-8, and never between the two halves of a character.</summary>
    private static string? Cut(string? text, int mostBytes)
    {
        if (text is null || text.Length <= mostBytes / 3)
            return text;
        var (bytes, end) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > mostBytes)
                return text[..end];
            end += rune.Utf16SequenceLength;
        }

        return text;
    }

    private void Add(Exception error, int depth)
    {
        if (_errors.Count == MostExceptions)
        {
            HasMore = true;
            return;
        }

        _errors.Add((error, depth));
        if (error is AggregateException several)
        {
            foreach (var cause in several.InnerExceptions.TakeWhile(_ => !HasMore))
                Add(cause, depth + 1);
        }
        else if (error.InnerException is { } cause)
        {
            Add(cause, depth + 1);
        }
    }
}
