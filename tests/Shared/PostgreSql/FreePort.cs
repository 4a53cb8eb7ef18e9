using System.Net;
using System.Net.Sockets;

namespace Carillon.Tests;

/// <summary>Finds ports on the loopback address for servers of the tests.</summary>
internal static class FreePort
{
    // Below what the system hands out by itself, so that nobody takes the port while the server is down.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>A port that nobody listens on now.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            using var attempt = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                attempt.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
