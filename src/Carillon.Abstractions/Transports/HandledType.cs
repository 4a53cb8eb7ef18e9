using System.Globalization;

namespace Carillon.Transports;

/// <summary>A type of message with its version, as they stand on the wire.</summary>
/// <param name="Name">The name of the type.</param>
/// <param name="Version">Its version, from 1.</param>
public readonly record struct HandledType(string Name, int Version)
{
    private const char Separator = ':';

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <exception cref="FormatException">It was not written by that.</exception>
    public static HandledType Parse(string text)
    {
        var separator = text.LastIndexOf(Separator);
        return separator > 0
            ? new HandledType(text[..separator], int.Parse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture))
            : throw new FormatException($"\"{text}\" is not a name and a version joined by a colon.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}{Separator}{Version}");
}
