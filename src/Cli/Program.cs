Console.WriteLine("cqrs");
