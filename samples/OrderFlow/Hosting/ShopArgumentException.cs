namespace OrderFlow.Hosting;

/// <summary>The command line is not understood; the message says what is wrong and what is allowed.</summary>
internal sealed class ShopArgumentException(string message) : Exception(message);
