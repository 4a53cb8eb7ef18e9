using System.Buffers;
using Carillon.Transports;

namespace Carillon.Serialization;

/// <summary>Checks the headers of a received message.</summary>
internal sealed class HeaderInspector(EnvelopeLimits limits)
{
    private static readonly SearchValues<char> _visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);
    private static readonly SearchValues<char> _upperCase = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> _breaks = SearchValues.Create("\0\r\n");

    public EnvelopeDefect? Inspect(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null || headers.Count == 0)
            return null;
        if (headers.Count > limits.Headers)
            return Defect($"There are {headers.Count} headers; the limit is {limits.Headers}.");

        // The usual dictionary is walked by its own enumerator, which is not allocated.
        var tally = default(Tally);
        if (headers is Dictionary<string, string> dictionary)
        {
            foreach (var (name, value) in dictionary)
                tally.Add(Inspect(name, value), name, value);
        }
        else
        {
            foreach (var (name, value) in headers)
                tally.Add(Inspect(name, value), name, value);
        }

        return tally.Defect ?? InspectWhole(headers, tally);
    }

    private EnvelopeDefect? InspectWhole(IReadOnlyDictionary<string, string> headers, Tally tally)
    {
        if (tally.Characters > limits.HeadersTotalCharacters)
            return Defect($"The headers have {tally.Characters} characters together; the limit is {limits.HeadersTotalCharacters}.");
        if (tally.HasUpperCase && headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < headers.Count)
            return Defect("Two headers have names that differ in case only.");
        return null;
    }

    private EnvelopeDefect? Inspect(string name, string? value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(_visible))
            return Defect("A header has a name that is empty or holds anything but visible ASCII characters.");
        if (name.Length > limits.HeaderCharacters || value?.Length > limits.HeaderCharacters)
            return Defect($"The name or value of a header has more than {limits.HeaderCharacters} characters.");
        if (value.AsSpan().ContainsAny(_breaks))
            return Defect("The value of a header holds a line break or NUL.");
        return StorableText.IsStorable(value) ? null : Defect("The value of a header holds half of a surrogate pair.");
    }

    private static EnvelopeDefect Defect(string detail) => new(ErrorCodes.HeaderLimit, detail);

    private struct Tally
    {
        public EnvelopeDefect? Defect;
        public long Characters;
        public bool HasUpperCase;

        public void Add(EnvelopeDefect? defect, string name, string? value)
        {
            Defect ??= defect;
            Characters += name.Length + (value?.Length ?? 0);
            HasUpperCase |= name.AsSpan().ContainsAny(_upperCase);
        }
    }
}
