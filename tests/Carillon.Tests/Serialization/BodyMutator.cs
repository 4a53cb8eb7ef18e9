using System.Text;

namespace Carillon.Tests.Serialization;

/// <summary>Breaks bodies in the ways in which they break: bytes, tokens, lengths, encodings, nesting. The same seed breaks them in the same way.</summary>
internal sealed class BodyMutator(Random random)
{
    private static readonly byte[][] _tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "1e400", "-1e400", "NaN", "-0", "0.1e-400", "99999999999999999999999999999999999999999",
            "\"\\ud800\"", "\"\\u0000\"", "\uFEFF", "//", "/*", "\"$type\":\"System.Diagnostics.Process, System\"", "\"$ref\":\"1\"", "\"$values\":[]", "\"orderId\":\"2\"",
            "\"lines\":[[[[[[", "\"placedAt\":\"0000-00-00\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE],
    ];

    public byte[] Mutate(byte[] seed)
    {
        var body = new List<byte>(seed);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
            Change(body);
        return [.. body];
    }

    private void Change(List<byte> body)
    {
        var at = random.Next(body.Count + 1);
        switch (random.Next(8))
        {
            case 0 when body.Count > 0:
                body[random.Next(body.Count)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                body.RemoveRange(at, body.Count - at);
                break;
            case 2:
                body.RemoveRange(at, Math.Min(random.Next(20), body.Count - at));
                break;
            case 3:
                body.InsertRange(at, body.GetRange(at, Math.Min(random.Next(60), body.Count - at)));
                break;
            case 4:
                body.InsertRange(at, Enumerable.Repeat((byte)"[{\"9 "[random.Next(5)], random.Next(3000)));
                break;
            case 5:
                body.Insert(at, (byte)random.Next(256));
                break;
            default:
                body.InsertRange(at, _tokens[random.Next(_tokens.Length)]);
                break;
        }
    }
}
