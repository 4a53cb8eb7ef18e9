using System.Security.Cryptography;
using System.Text;

namespace Carillon.Parking;

/// <summary>Tells messages with one id apart by what is in them, for parking stores: a publisher may have used an id twice.</summary>
public static class ContentHash
{
    private const int Bytes = 16;

    /// <summary>The first half of the SHA-256 of a message's type and body, in hexadecimal digits.</summary>
    public static string Of(in Envelope message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(message.Type ?? ""));
        hash.AppendData([0]);
        hash.AppendData(message.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Bytes));
    }
}
