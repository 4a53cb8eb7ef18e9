using System.Text;
using Carillon.Parking;
using Carillon.Testing.Faults;

namespace Carillon.Testing.Stores;

/// <summary>What a database that holds UTF-8 texts that end nowhere takes, as PostgreSQL does, where somebody has also forbidden a word.</summary>
internal static class StoredText
{
    /// <summary>Takes a message that is set aside.</summary>
    /// <exception cref="TextRefusedException">A text of it cannot be stored.</exception>
    public static void Demand(ParkedMessage message)
    {
        Demand(message.Envelope);
        Demand(message.Code);
        Demand(message.Reason);
        foreach (var attempt in message.Attempts)
        {
            Demand(attempt.Handler);
            Demand(attempt.ErrorType);
            Demand(attempt.Message);
            Demand(attempt.StackTrace);
        }
    }

    /// <summary>Takes a message.</summary>
    /// <exception cref="TextRefusedException">A text of it cannot be stored.</exception>
    public static void Demand(in Envelope envelope)
    {
        Demand(envelope.Source);
        Demand(envelope.Type);
        Demand(envelope.Topic);
        Demand(envelope.Key);
        Demand(envelope.Subject);
        foreach (var (name, value) in envelope.Headers ?? new Dictionary<string, string>())
        {
            Demand(name);
            Demand(value);
        }
    }

    private static void Demand(string? text)
    {
        if (text is not null && (!CanBeHeld(text) || text.Contains(HostileTexts.Refused, StringComparison.Ordinal)))
            throw new TextRefusedException();
    }

    private static bool CanBeHeld(string text) => !text.Contains('\0') && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
